import { counted } from "./geometry.js";
import { button, element } from "./panel.js";
import { isAbandoned } from "./source.js";

const WAIT = 60; // ms without a further key before it is searched
const MOST_PLACES = 12;
const CLOSE = 6; // zoom from which what was found is looked at
const NOTHING = "Nothing was found";

/**
 * The search box: towns and realms by name, items by what their columns hold. All items found are lit on the map;
 * Enter goes to the next one, Shift+Enter to the one before.
 */
export class Finder {
    constructor(view) {
        this.view = view;
        this.input = element("input", { type: "search", placeholder: "Search", "aria-label": "Search the map" });
        this.how = button("Regular expression", () => this.#toggleRegex(), ".*");
        this.how.className = "regex";
        this.how.setAttribute("aria-pressed", "false");
        this.where = button("Which columns to search in", () => this.#openColumns(), "▾");
        this.where.setAttribute("aria-expanded", "false");
        this.options = element("div", { className: "options" }, this.where, this.how);
        this.columns = element("div", { className: "columns", role: "group", "aria-label": "Columns", hidden: true });
        this.said = element("p", { className: "none", role: "status", hidden: true });
        this.list = element("ul", { "aria-label": "What was found", hidden: true });
        const field = element("div", { className: "field" }, this.input, this.options);
        this.box = element("div", { className: "search", role: "search" }, field, this.columns, this.said, this.list);
        this.input.addEventListener("input", () => this.#later());
        this.input.addEventListener("focus", () => this.#unfold());
        this.box.addEventListener("keydown", (event) => this.#key(event));
        const stay = (event) => event.target !== this.input && event.preventDefault();
        this.box.addEventListener("mousedown", stay); // the box keeps the focus, in every browser
        this.box.addEventListener("focusout", (event) => this.#left(event.relatedTarget));
        this.list.addEventListener("click", (event) => this.#take(event.target.closest("button")));
        this.rows = [];
    }

    /** Another map: other columns to search in. */
    setNames({ columns = [] }) {
        this.options.hidden = !columns.length;
        const boxes = columns.map((name) => {
            const box = element("input", { type: "checkbox", value: name });
            box.addEventListener("change", () => this.#later());
            return element("label", {}, box, element("span", { text: name }));
        });
        this.columns.replaceChildren(element("p", { text: "Search in these only:" }), ...boxes);
    }

    /** Somebody turned to the map: what was found stays lit, the list gives way. */
    #left(to) {
        if (!to || !this.box.contains(to)) this.#fold();
    }

    #fold() {
        this.#open(false, false);
        this.columns.hidden = true;
        this.where.setAttribute("aria-expanded", "false");
    }

    /** Show what is said and the list, or one of them; what is chosen stands below and gives way. */
    #open(said, list) {
        this.said.hidden = !said;
        this.list.hidden = !list;
        this.view.root.classList.toggle("finding", said || list);
    }

    focus() {
        this.input.focus();
        this.input.select();
    }

    /** The choices hold another search than the box: after undo, or at the start. */
    repeat() {
        const { found } = this.view.choices;
        if (this.own || this.pending) return;
        const { text = "", columns = [], regex = false } = found ?? {};
        if (this.input.value.trim() !== text) this.#write(text, columns, regex);
        if (found && !found.key) this.#search();
    }

    /** What follows from the box itself does not change what is written there. */
    #find(query) {
        this.own = true;
        this.view.choices.find(query);
        this.own = false;
    }

    #write(text, columns, regex) {
        this.input.value = text;
        this.how.setAttribute("aria-pressed", String(regex));
        for (const box of this.#boxes()) box.checked = columns.includes(box.value);
        this.#open(false, false);
    }

    #boxes() {
        return [...this.columns.querySelectorAll("input")];
    }

    #query() {
        const columns = this.#boxes().filter(({ checked }) => checked).map(({ value }) => value);
        return { text: this.input.value.trim(), columns, regex: this.how.getAttribute("aria-pressed") === "true" };
    }

    #toggleRegex() {
        this.how.setAttribute("aria-pressed", String(this.how.getAttribute("aria-pressed") !== "true"));
        this.#later();
    }

    #openColumns() {
        this.columns.hidden = !this.columns.hidden;
        this.where.setAttribute("aria-expanded", String(!this.columns.hidden));
    }

    #later() {
        clearTimeout(this.timer);
        this.pending = true;
        this.then = 0;
        this.timer = setTimeout(() => this.#search(), WAIT);
    }

    async #search() {
        const { source } = this.view;
        const query = this.#query();
        this.aborter?.abort();
        this.aborter = new AbortController();
        this.at = -1;
        if (!query.text) {
            this.pending = false;
            this.#find(null);
            return this.#show([], null);
        }
        try {
            const found = await source.search(query, this.aborter.signal);
            this.pending = false;
            this.#find(found.problem ? null : { ...query, key: found.key, count: found.count });
            this.#show(found.first ?? [], found);
            if (this.then) this.step(this.then);
            this.then = 0;
        } catch (error) {
            if (isAbandoned(error)) return; // a newer search is under way
            this.pending = false;
            this.view.notices.failed(error);
        }
    }

    /** List places and items; what could not be searched is said instead. */
    #show(first, found) {
        this.first = first;
        this.count = found?.count ?? 0;
        const places = found && !this.#query().regex ? this.#places(this.input.value.trim().toLowerCase()) : [];
        this.rows = [...places, ...first];
        this.said.textContent = found ? saidOf(found, places.length) : "";
        this.list.replaceChildren(...this.rows.map(rowOf));
        this.#open(this.said.textContent !== "", this.rows.length > 0);
        this.view.root.dataset.found = found ? (found.count ?? 0) : "";
    }

    /** Somebody is about to search: the server may read the texts meanwhile. */
    #unfold() {
        if (this.warmed !== this.view.source) this.view.source.search({ text: "", columns: [] }).catch(() => {});
        this.warmed = this.view.source;
        if (this.input.value && this.rows.length) this.#open(true, true);
    }

    /** Towns and realms whose names hold what is asked, those first that begin with it. */
    #places(asked) {
        const { realms, towns } = this.view.names;
        const all = [
            ...realms.map(({ name, x, y }) => ({ name, said: "realm", item: -1, x, y })),
            ...towns.map(({ name, item, x, y }) => ({ name, said: "town", item, x, y })),
        ];
        const rank = ({ name }) => (name.toLowerCase().startsWith(asked) ? 0 : 1);
        const held = all.filter(({ name }) => name.toLowerCase().includes(asked));
        return held.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_PLACES);
    }

    #take(row) {
        if (!row?.entry) return;
        this.#goTo(row.entry);
        this.at = this.first.indexOf(row.entry);
        this.#open(false, false);
    }

    #goTo({ item, x, y }) {
        const { view } = this;
        if (item >= 0) view.choices.select(item);
        if (item >= 0) view.hand.flyTo(item, CLOSE);
        else view.hand.goTo({ x, y, zoom: Math.max(view.camera.zoom, CLOSE) });
    }

    /** Go to the next item that was found, or to the one before; places come first where no item was found. */
    step(by) {
        if (this.pending) return void (this.then = by); // what stands in the box is still being searched
        const among = this.first?.length ? this.first : this.rows;
        if (!among.length) return;
        this.at = ((this.at ?? -1) + by + among.length + (this.at < 0 && by < 0 ? 1 : 0)) % among.length;
        this.#goTo(among[this.at]);
        this.#open(true, false);
        const all = among === this.first ? this.count : among.length;
        const of = all > among.length ? `the first ${counted(among.length)} of ${counted(all)}` : counted(among.length);
        this.said.textContent = `${counted(this.at + 1)} of ${of}: ${among[this.at].name}`;
    }

    #key(event) {
        event.stopPropagation(); // the map has keys of its own
        const buttons = [...this.list.querySelectorAll("button")];
        const at = buttons.indexOf(event.target);
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by && buttons.length) {
            (buttons[at + by] ?? this.input).focus();
            event.preventDefault();
        }
        if (event.key === "Enter" && event.target === this.input) this.step(event.shiftKey ? -1 : 1);
        if (event.key === "Escape") this.#escape();
    }

    /** First fold the list, then forget the search. */
    #escape() {
        const open = !this.list.hidden || !this.columns.hidden;
        this.#fold();
        if (open) return void this.input.focus();
        this.#write("", [], false);
        this.#search();
        this.view.panel.canvas.focus();
    }
}

function rowOf(entry) {
    const made = element("button", { type: "button" }, element("span", { text: entry.name }));
    if (entry.said) made.append(element("i", { text: entry.said }));
    made.entry = entry;
    return element("li", {}, made);
}

function saidOf({ problem, note = "", count, first = [] }, places) {
    if (problem) return problem;
    if (!count) return places ? note : `${NOTHING}. ${note}`;
    const items = `${counted(count)} ${count === 1 ? "item" : "items"}`;
    return `${count > first.length ? `${items}; the first ${counted(first.length)}:` : items} ${note}`.trim();
}
