// A table of any number of rows, of which only those in sight are fetched and drawn.
// Cells come from users' files, so they only ever enter the page as text.
//
// A browser makes nothing higher than some tens of millions of pixels. Beyond `HIGHEST` the scrollbar therefore stands
// for more rows than it has room for: `top` is where the table truly is, in pixels of rows; small movements move it
// exactly, a dragged scrollbar by proportion, and when all is at rest the scrollbar is put where `top` says.

const ROW = 28, PAGE = 100, HIGHEST = 8_000_000, KEPT = 40, REST = 160, PATIENCE = 60;
const tables = new WeakMap();

class Table {
  constructor(root, tell) {
    this.tell = tell;
    this.grid = root.querySelector(".grid");
    this.space = root.querySelector(".space");
    this.sight = root.querySelector(".sight");
    this.head = root.querySelector(".head");
    this.body = root.querySelector(".body");
    this.said = root.querySelector(".said");
    this.order = "file";
    this.rows = [];
    this.selected = null;
    this.grid.onscroll = () => this.scrolled();
    this.grid.onkeydown = (event) => this.pressed(event);
    this.body.onclick = (event) => this.clicked(event.target.closest(".row"));
    this.watcher = new ResizeObserver(() => this.data && this.draw());
    this.watcher.observe(this.grid);
  }

  show(data) {
    const before = this.data;
    this.data = data;
    if (!before || before.base !== data.base) this.begin(before);
    this.grid.style.height = `${data.height}px`;
    this.grid.setAttribute("aria-label", data.label);
    if (data.selected !== this.selected || before?.base !== data.base) this.turnTo(data.selected);
    this.draw();
  }

  begin(before) {
    const names = (data) => JSON.stringify(data?.columns.map((column) => column.heading));
    if (names(before) !== names(this.data)) this.order = "file";
    this.lost = false;
    this.top = this.bar = 0;
    this.active = 0;
    this.grid.scrollTop = 0;
    this.grid.setAttribute("aria-rowcount", this.data.total + 1);
    this.grid.setAttribute("aria-colcount", this.data.columns.length);
    this.forget();
    this.drawHead();
  }

  forget() {
    this.asked?.forEach((call) => call.abort());
    this.asked = new Map();
    this.pages = new Map();
  }

  // ---------------------------------------------------------------- where the table is

  get room() { return Math.max(ROW, this.grid.clientHeight - this.head.offsetHeight); }
  get lowest() { return Math.max(0, this.data.total * ROW - this.room); }
  get travel() { return Math.max(0, this.space.offsetHeight - this.grid.clientHeight); }

  scrolled() {
    const moved = this.grid.scrollTop - this.bar;
    if (moved) {
      this.bar = this.grid.scrollTop;
      const exact = Math.abs(moved) < 2 * this.room || this.travel >= this.lowest - 1;
      this.top = exact ? this.top + moved : (this.bar / this.travel) * this.lowest;
      this.top = Math.min(this.lowest, Math.max(0, this.top));
      clearTimeout(this.resting);
      const stuck = (this.bar <= 0 && this.top > 0) || (this.bar >= this.travel - 1 && this.top < this.lowest);
      if (stuck) this.settle();
      else this.resting = setTimeout(() => this.settle(), REST);
    }
    this.draw();
  }

  settle() {
    const there = this.lowest > 0 ? (this.top / this.lowest) * this.travel : 0;
    if (Math.abs(there - this.grid.scrollTop) >= 1) this.grid.scrollTop = there;
    this.bar = this.grid.scrollTop;
  }

  goTo(place, middle) {
    const above = place * ROW, below = above + ROW - this.room;
    if (this.top <= above && this.top >= below) return this.draw();
    this.top = middle ? above - (this.room - ROW) / 2 : this.top > above ? above : below;
    this.top = Math.min(this.lowest, Math.max(0, this.top));
    this.settle();
    this.draw();
  }

  async turnTo(row) {
    this.selected = row;
    if (row === null || row === undefined) return this.draw();
    const found = await this.ask(`place/${this.order}/${row}`);
    if (!found || found.place === null || this.selected !== row) return this.draw();
    this.active = found.place;
    this.goTo(found.place, true);
  }

  // ---------------------------------------------------------------- what is fetched

  async ask(path, signal) {
    const base = this.data.base;
    try {
      const response = await fetch(new URL(base + path, document.baseURI), { signal });
      if (response.status === 404) this.gone(base);
      if (!response.ok) throw new Error(await response.text());
      const found = await response.json();
      if (base !== this.data.base) return null;
      this.said.textContent = "";
      return found;
    } catch (error) {
      if (error.name !== "AbortError" && base === this.data.base) this.said.textContent = `No answer: ${error.message}`;
      return null;
    }
  }

  gone(base) {
    if (this.lost || base !== this.data.base) return;
    this.lost = true;
    this.tell("lost", base);
  }

  line(place) {
    const page = this.pages.get(Math.floor(place / PAGE));
    const at = place % PAGE;
    return page && at < page.rows.length ? { row: page.rows[at], cells: page.cells[at] } : null;
  }

  fetchSoon() {
    const first = Math.floor(this.top / ROW / PAGE);
    const last = Math.floor(Math.min(this.data.total - 1, (this.top + this.room) / ROW) / PAGE);
    for (const [page, call] of this.asked) if (page < first || page > last) { call.abort(); this.asked.delete(page); }
    clearTimeout(this.fetching);
    const missing = () => {
      for (let page = first; page <= last; page++) if (!this.pages.has(page) && !this.asked.has(page)) this.fetchPage(page);
    };
    if (this.pages.size) this.fetching = setTimeout(missing, PATIENCE);
    else missing();
  }

  async fetchPage(page) {
    const call = new AbortController(), order = this.order;
    this.asked.set(page, call);
    const found = await this.ask(`rows/${order}/${page * PAGE}`, call.signal);
    if (this.asked.get(page) === call) this.asked.delete(page);
    if (!found || order !== this.order) return;
    this.pages.set(page, found);
    if (this.pages.size > KEPT) this.pages.delete(this.pages.keys().next().value);
    this.draw();
  }

  // ---------------------------------------------------------------- what is drawn

  drawHead() {
    const { columns } = this.data;
    const widths = columns.map((column) => `${Math.round(column.width * 7.3 + 22)}px`);
    this.sight.style.setProperty("--columns", widths.join(" "));
    this.head.replaceChildren(...columns.map((column, index) => {
      const cell = document.createElement("div");
      cell.setAttribute("role", "columnheader");
      cell.setAttribute("aria-colindex", index + 1);
      cell.classList.toggle("number", column.numeric);
      const way = this.order === `${index}-up` ? "ascending" : this.order === `${index}-down` ? "descending" : "none";
      const name = document.createElement(column.sortable ? "button" : "span");
      name.textContent = column.heading + { ascending: " ▲", descending: " ▼", none: "" }[way];
      name.title = column.heading;
      if (column.sortable) {
        cell.setAttribute("aria-sort", way);
        name.type = "button";
        name.onclick = () => this.sort(index, way);
      }
      cell.append(name);
      return cell;
    }));
  }

  sort(index, way) {
    this.order = way === "none" ? `${index}-up` : way === "ascending" ? `${index}-down` : "file";
    this.forget();
    this.drawHead();
    this.head.children[index].querySelector("button").focus();
    this.top = this.active = 0;
    this.settle();
    this.draw();
  }

  draw() {
    const { total, columns } = this.data;
    this.space.style.height = `${Math.min(total * ROW, HIGHEST) + this.head.offsetHeight}px`;
    this.sight.style.height = `${this.grid.clientHeight}px`;
    this.top = Math.min(this.lowest, this.top);
    const first = Math.floor(this.top / ROW);
    const count = Math.max(0, Math.min(total - first, Math.ceil(this.room / ROW) + 1));
    while (this.rows.length < count) this.rows.push(this.body.appendChild(newRow()));
    while (this.rows.length > count) this.rows.pop().remove();
    this.body.style.transform = `translateY(${first * ROW - this.top}px)`;
    for (let at = 0; at < count; at++) this.fill(this.rows[at], first + at, columns);
    const shown = this.rows.find((element) => Number(element.dataset.place) === this.active);
    if (shown) this.grid.setAttribute("aria-activedescendant", shown.id);
    else this.grid.removeAttribute("aria-activedescendant");
    if (total) this.fetchSoon();
  }

  fill(element, place, columns) {
    const line = this.line(place);
    if (element.line !== line || element.columns !== columns || !line) {
      element.line = line;
      element.columns = columns;
      const texts = line ? line.cells : columns.map((_, index) => (index ? "" : "…"));
      while (element.children.length < columns.length) element.append(newCell(element.children.length));
      while (element.children.length > columns.length) element.lastChild.remove();
      texts.forEach((text, index) => {
        const cell = element.children[index];
        if (cell.textContent !== text) cell.textContent = text;
        if (cell.title !== text) cell.title = text;
        cell.classList.toggle("number", columns[index].numeric);
      });
    }
    element.id = `row-${place}`;
    element.dataset.place = place;
    element.setAttribute("aria-rowindex", place + 2);
    const chosen = line !== null && line.row === this.selected;
    element.setAttribute("aria-selected", chosen);
    element.classList.toggle("chosen", chosen);
    element.classList.toggle("active", place === this.active);
    element.classList.toggle("waiting", !line);
  }

  // ---------------------------------------------------------------- what a person does

  clicked(element) {
    if (!element) return;
    this.active = Number(element.dataset.place);
    this.choose();
  }

  choose() {
    const line = this.line(this.active);
    if (line) {
      this.selected = line.row;
      this.tell("chosen", line.row);
    }
    this.draw();
  }

  pressed(event) {
    if (event.target !== this.grid) return;
    const many = Math.max(1, Math.floor(this.room / ROW) - 1), last = this.data.total - 1;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: many, PageUp: -many, Home: -last, End: last };
    if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.active = Math.min(last, Math.max(0, this.active + steps[event.key]));
      this.goTo(this.active);
    } else if (event.key === "Enter" || event.key === " ") this.choose();
    else return;
    event.preventDefault();
  }

  end() {
    this.watcher.disconnect();
    this.forget();
    [this.resting, this.fetching].forEach(clearTimeout);
  }
}

function newRow() {
  const element = document.createElement("div");
  element.className = "row";
  element.setAttribute("role", "row");
  return element;
}

function newCell(index) {
  const cell = document.createElement("div");
  cell.setAttribute("role", "gridcell");
  cell.setAttribute("aria-colindex", index + 1);
  return cell;
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (!tables.has(parentElement)) tables.set(parentElement, new Table(parentElement, setTriggerValue));
  const table = tables.get(parentElement);
  table.tell = setTriggerValue;
  table.show(data);
  return () => setTimeout(() => {  // may be run while a later call is already drawing
    if ((parentElement.host ?? parentElement).isConnected) return;
    table.end();
    tables.delete(parentElement);
  });
}
