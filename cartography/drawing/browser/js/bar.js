import { counted, shortened } from "./geometry.js";
import { button, element } from "./panel.js";

const OPERATIONS = { set: "New", add: "Add", subtract: "Subtract" };
const LONGEST_CHIP = 34;

/** What is chosen, as chips that can be taken away, how many items that leaves, and what can be done with them. */
export class Bar {
    /** `does` has clearLasso, forget (the search), showGroups, drop(chip), only, all, clear, undo and redo. */
    constructor(does) {
        this.does = does;
        this.held = element("span", { className: "held", "aria-live": "polite" });
        this.operations = Object.entries(OPERATIONS).map(([value, text]) =>
            element("label", {}, element("input", { type: "radio", name: "op", value }), text),
        );
        this.operations[0].firstChild.checked = true;
        this.ways = element("span", { className: "ways", role: "radiogroup", "aria-label": "The next loop" });
        this.ways.append(...this.operations);
        this.chips = element("span", { className: "chips" });
        this.only = button("Draw only these items", does.only, "Only these");
        this.all = button("Draw all items again", does.all, "Show all");
        this.undo = button("Undo (Ctrl+Z)", does.undo, "Undo");
        this.redo = button("Redo (Ctrl+Shift+Z)", does.redo, "Redo");
        this.clear = button("Clear everything chosen", does.clear, "Clear");
        const acts = [this.only, this.all, this.undo, this.redo, this.clear];
        this.box = element("div", { className: "bar", hidden: true }, this.held, this.chips, this.ways, ...acts);
    }

    /** What the next loop drawn with the lasso button does. */
    get operation() {
        return this.operations.find((label) => label.firstChild.checked).firstChild.value;
    }

    /** `count` items are held of those drawn; `asks` tells whether somebody listens who can draw only some. */
    show({ choices, count, drawing, asks }) {
        const { steps, found, chosen, off, past, future } = choices;
        const chips = this.#chipsOf(choices);
        const lit = Boolean(steps.length || found?.text || chosen.lit);
        const cleared = past.length > 0 && this.#chipsOf(past.at(-1)).length > 0; // a finger has no Ctrl+Z
        this.box.hidden = !drawing && !chips.length && !future.length && !cleared;
        this.ways.hidden = !drawing;
        const lot = `${counted(count)} ${count === 1 ? "item" : "items"}`;
        this.held.textContent = lit ? lot : drawing ? "Draw a loop" : "";
        this.held.hidden = !this.held.textContent;
        this.only.hidden = !asks || !lit || !count;
        this.all.hidden = !asks || (!chosen.kept && !off.size);
        this.undo.hidden = !past.length;
        this.redo.hidden = !future.length;
        this.clear.hidden = !chips.length;
        const told = JSON.stringify(chips.map(([text]) => text));
        if (told === this.told) return;
        this.told = told;
        this.chips.replaceChildren(...chips.map(([text, drop]) => chip(text, drop)));
    }

    #chipsOf({ steps, found, chosen, off }) {
        const { does } = this;
        const chips = chosen.chips.map(({ id, text }) => [text, () => does.drop(id)]);
        if (found?.text) chips.push([`“${found.text}”`, does.forget]);
        if (steps.length) chips.push(["lasso", does.clearLasso]);
        if (off.size) chips.push([off.size === 1 ? "1 group off" : `${counted(off.size)} groups off`, does.showGroups]);
        return chips;
    }
}

function chip(text, drop) {
    const cross = element("i", { text: "×", "aria-hidden": "true" });
    const made = button(`Remove: ${text}`, drop, element("span", { text: shortened(text, LONGEST_CHIP) }), cross);
    made.className = "chip";
    return made;
}
