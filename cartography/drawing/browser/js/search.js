import { element } from "./panel.js";

const MOST_FOUND = 40;
const CLOSE = 6; // zoom from which what was found is looked at
const NOTHING = "Nothing of that name";

/** A search box for a map that carries its own cards: towns and realms by name, items by anything on their card. */
export class Search {
    constructor(view, saved) {
        this.view = view;
        this.entries = entriesOf(saved);
        this.input = element("input", { type: "search", placeholder: "Search", "aria-label": "Search the map" });
        this.list = element("ul", { "aria-label": "What was found" });
        this.box = element("div", { className: "search", role: "search" }, this.input, this.list);
        this.list.hidden = true;
        this.input.addEventListener("input", () => this.#show());
        this.box.addEventListener("keydown", (event) => this.#key(event));
        this.list.addEventListener("click", (event) => this.#take(event.target.closest("button")));
    }

    #show() {
        const asked = this.input.value.trim().toLowerCase();
        const found = asked ? this.#matching(asked) : [];
        const rows = found.map((entry) => {
            const button = element("button", { type: "button" }, element("span", { text: entry.name }));
            if (entry.kind) button.append(element("i", { text: entry.kind }));
            button.entry = entry;
            return element("li", {}, button);
        });
        if (asked && !rows.length) rows.push(element("li", { className: "none", text: NOTHING }));
        this.list.replaceChildren(...rows);
        this.list.hidden = !asked;
    }

    /** Names that begin with what is asked for come first, then others that hold it. */
    #matching(asked) {
        const held = this.entries.filter(({ words }) => words.includes(asked));
        const rank = ({ words }) => (words.startsWith(asked) ? 0 : 1);
        return held.map((entry, i) => [rank(entry), i, entry])
            .sort((a, b) => a[0] - b[0] || a[1] - b[1])
            .slice(0, MOST_FOUND)
            .map(([, , entry]) => entry);
    }

    #take(button) {
        if (!button?.entry) return;
        const { view } = this;
        const { item, x, y } = button.entry;
        const place = item >= 0 ? [view.points.xy[2 * item], view.points.xy[2 * item + 1]] : [x, y];
        if (item >= 0) view.choices.select(item);
        view.motion.flyTo({ x: place[0], y: place[1], zoom: Math.max(view.camera.zoom, CLOSE) });
        view.moved();
        this.list.hidden = true;
    }

    #key(event) {
        event.stopPropagation(); // the map has keys of its own
        const buttons = [...this.list.querySelectorAll("button")];
        const at = buttons.indexOf(event.target);
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step && buttons.length) {
            (buttons[at + step] ?? this.input).focus();
            event.preventDefault();
        }
        if (event.key === "Enter" && event.target === this.input) this.#take(buttons[0]);
        if (event.key === "Escape") {
            this.list.hidden = true;
            this.input.focus();
        }
    }
}

function entriesOf({ names, cards }) {
    const realms = names.realms.map(({ name, x, y }) => ({ name, kind: "realm", item: -1, x, y }));
    const towns = names.towns.map(({ name, item, x, y }) => ({ name, kind: "town", item, x, y }));
    const items = cards.map(([title, ...texts], item) => ({ name: title, kind: "", item, texts }));
    return [...realms, ...towns, ...items].map(({ texts, ...entry }) =>
        ({ ...entry, words: [entry.name, ...(texts ?? [])].join("\n").toLowerCase() }));
}
