import { charactersIn, inserted, isComplete, mentioned, unitsIn } from "./formula_text.js";

// The formula bar. Names come from users' files and formulas from people: they only ever enter the page as text.

const WAIT = 50;  // ms without a further key before names are looked for
const MOST = 8;  // suggestions shown
const bars = new WeakMap();

class Bar {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    Object.assign(this, { form: find("form"), input: find("input"), mirror: find(".mirror"), clear: find(".clear") });
    Object.assign(this, { list: find("ul"), said: find(".said"), hint: find(".hint"), count: find(".count") });
    this.taken = -1;
    this.active = -1;
    this.options = [];
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("scroll", () => (this.mirror.scrollLeft = this.input.scrollLeft));
    this.input.addEventListener("blur", () => this.#left());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());  // the input keeps the focus
    this.list.addEventListener("click", (event) => this.#take(event.target.closest("li")?.dataset.place));
    this.clear.addEventListener("click", () => this.#write("", true));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#solve();
    });
  }

  /** Another run of the page: what it knows now, and what was put in elsewhere since. */
  show(data, setState) {
    const first = !this.data;
    this.setState = setState;
    if (first) {
      this.told = this.input.value = data.draft;
      this.taken = data.taken;
    }
    if (first || this.data.base !== data.base) this.#fetch(data.base, "", 0).catch(() => {});  // the server reads all names now
    this.data = data;
    this.input.placeholder = data.placeholder;
    for (const order of data.orders) if (order.number > this.taken) this.#obey(order);
    this.#mark();
  }

  /** Each order is obeyed once, however often the page runs. */
  #obey({ number, insert, write }) {
    this.taken = number;
    if (write !== undefined) {  // Python knows what it wrote
      this.told = write;
      return this.#set(write, write.length);
    }
    const { selectionStart, selectionEnd, value } = this.input;
    const at = [selectionStart ?? value.length, selectionEnd ?? value.length];
    const { text, cursor } = inserted(value, ...at, insert);
    this.#set(text, cursor);
    this.#tell(isComplete(text) ? "asked" : "draft");
  }

  #set(text, cursor) {
    this.input.value = text;
    this.input.setSelectionRange(cursor, cursor);
    this.#close();
    this.#mark();
  }

  #write(text, focus) {
    this.#set(text, text.length);
    if (focus) this.input.focus();
    this.#tell("draft");
  }

  #solve() {
    this.#close();
    if (this.input.value.trim()) this.#tell("asked");
  }

  /** Python hears of it and runs; `at` tells a formula asked for again from the one before. */
  #tell(what) {
    this.told = this.input.value;
    this.setState(what, { text: this.told, taken: this.taken, at: Date.now() });
  }

  #left() {
    this.#close();
    if (this.input.value !== this.told) this.#tell("draft");
  }

  #typed() {
    this.#mark();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#complete(), WAIT);
  }

  /** What stands wrong is underlined for as long as the formula is the one that Python found fault with. */
  #mark() {
    const { value } = this.input;
    const fault = this.data?.fault && this.data.fault.text === value.trim() ? this.data.fault : null;
    this.clear.hidden = !value;
    this.input.setAttribute("aria-invalid", String(Boolean(fault)));
    this.said.textContent = fault?.message ?? "";
    this.hint.textContent = fault?.hint ?? "";
    if (!fault) return void this.mirror.replaceChildren();
    const lead = value.length - value.trimStart().length;
    const start = lead + unitsIn(fault.text, fault.start);
    const end = lead + Math.max(unitsIn(fault.text, fault.end), unitsIn(fault.text, fault.start) + 1);
    const wrong = document.createElement("u");
    wrong.textContent = value.slice(start, end) || " ";
    this.mirror.replaceChildren(value.slice(0, start), wrong, value.slice(end));
    this.mirror.scrollLeft = this.input.scrollLeft;
  }

  async #complete() {
    const { value, selectionStart: cursor } = this.input;
    this.aborter?.abort();
    if (!value.trim()) return this.#close();
    const own = mentioned(value, cursor, this.data.groups, MOST);
    if (own) return this.#open(own);
    this.aborter = new AbortController();
    try {
      const { start, end, suggestions } = await this.#fetch(this.data.base, value, cursor, this.aborter.signal);
      const isOld = this.input.value !== value || this.input.selectionStart !== cursor;
      if (isOld || this.input.getRootNode().activeElement !== this.input) return;
      this.#open({ start: unitsIn(value, start), end: unitsIn(value, end), suggestions: suggestions.slice(0, MOST) });
    } catch (error) {
      if (error.name !== "AbortError") this.#close();  // without help one can type on
    }
  }

  async #fetch(base, text, cursor, signal) {
    const query = new URLSearchParams({ text, cursor: charactersIn(text, cursor) });
    const response = await fetch(new URL(`${base}complete?${query}`, document.baseURI), { signal });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  #open({ start, end, suggestions }) {
    Object.assign(this, { options: suggestions, start, end });
    this.list.replaceChildren(...suggestions.map(option));
    this.list.hidden = !suggestions.length;
    this.input.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.count.textContent = suggestions.length ? `${suggestions.length} names fit` : "";
    this.#point(-1);
  }

  #close() {
    clearTimeout(this.timer);
    this.aborter?.abort();
    this.#open({ suggestions: [] });
  }

  #point(place) {
    this.active = place;
    const rows = [...this.list.children];
    for (const [at, row] of rows.entries()) row.setAttribute("aria-selected", String(at === place));
    if (place < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", rows[place].id);
    rows[place].scrollIntoView({ block: "nearest" });
  }

  #take(place) {
    const chosen = this.options[place];
    if (!chosen) return;
    const { value } = this.input;
    this.#set(value.slice(0, this.start) + chosen.insert + value.slice(this.end), this.start + chosen.insert.length);
    this.input.focus();
  }

  #key(event) {
    event.stopPropagation();  // the page has keys of its own
    const { key } = event, many = this.options.length;
    const by = { ArrowDown: 1, ArrowUp: -1 }[key];
    const taking = (key === "Enter" && this.active >= 0) || (key === "Tab" && !event.shiftKey && many);
    if (event.isComposing) return;
    if (by && many) this.#point((this.active + by + many + (this.active < 0 && by < 0 ? 1 : 0)) % many);
    else if (by === 1) this.#complete();
    else if (taking) this.#take(Math.max(0, this.active));
    else if (key === "Escape" && many) this.#close();
    else return;
    event.preventDefault();
  }
}

function option({ shown, detail }, place) {
  const row = document.createElement("li");
  row.id = `option-${place}`;
  row.dataset.place = place;
  row.setAttribute("role", "option");
  for (const [kind, text] of [["name", shown], ["detail", detail]]) {
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    row.append(span);
  }
  return row;
}

export default function ({ data, parentElement, setStateValue }) {
  if (!bars.has(parentElement)) bars.set(parentElement, new Bar(parentElement));
  bars.get(parentElement).show(data, setStateValue);
}
