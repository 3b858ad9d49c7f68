const REMEMBERED = 60;
const MOST_STEPS = 256; // loops of one lasso; the server reads no more

/** What a person chose on the map, and how to take it back: one item, the loops of a lasso, groups switched off. */
export class Choices {
    /** `changed(what)` is told "selected", "lasso" or "hidden". */
    constructor(changed) {
        this.changed = changed;
        this.reset();
    }

    /** Begin anew, on another map. */
    reset() {
        this.selected = null;
        this.steps = [];
        this.off = new Set();
        this.past = [];
        this.unanswered = [];
    }

    select(item) {
        if (item === this.selected) return;
        this.#remember();
        this.#setSelected(item);
    }

    /** Add a loop; "set" begins a new selection. */
    lasso(op, polygon) {
        if (op !== "set" && this.steps.length >= MOST_STEPS) return;
        this.#remember();
        this.#setSteps(op === "set" ? [{ op, polygon }] : [...this.steps, { op, polygon }]);
    }

    clear() {
        if (this.selected === null && !this.steps.length) return;
        this.#remember();
        this.#setSelected(null);
        this.#setSteps([]);
    }

    clearLasso() {
        if (!this.steps.length) return;
        this.#remember();
        this.#setSteps([]);
    }

    undo() {
        const before = this.past.pop();
        if (!before) return;
        this.#setSelected(before.selected);
        this.#setSteps(before.steps);
    }

    /** Other groups: what was switched off means nothing any more. */
    regroup() {
        this.off = new Set();
    }

    toggle(code) {
        if (!this.off.delete(code)) this.off.add(code);
        this.changed("hidden");
    }

    /** Show one group alone; once more shows all. */
    solo(code, codes) {
        const others = codes.filter((other) => other !== code);
        const alone = !this.off.has(code) && others.every((other) => this.off.has(other));
        this.off = new Set(alone ? [] : others);
        this.changed("hidden");
    }

    /** Obey Python. Nothing is reported back: it knows. */
    adopt({ selected, lasso, hidden }) {
        this.selected = selected;
        this.steps = lasso;
        this.off = new Set(hidden);
        this.unanswered = [];
    }

    /**
     * Python repeats, with a delay, what it was told. Only a value that it was not told is a wish of its own.
     * Returns whether the selection changed.
     */
    hear(selected) {
        const echo = this.unanswered.indexOf(selected);
        if (echo >= 0) this.unanswered.splice(0, echo + 1);
        else if (!this.unanswered.length && selected !== this.selected) {
            this.selected = selected;
            return true;
        }
        return false;
    }

    #remember() {
        this.past.push({ selected: this.selected, steps: this.steps });
        if (this.past.length > REMEMBERED) this.past.shift();
    }

    #setSelected(item) {
        if (item === this.selected) return;
        this.selected = item;
        this.unanswered.push(item);
        this.changed("selected");
    }

    #setSteps(steps) {
        if (steps === this.steps) return;
        this.steps = steps;
        this.changed("lasso");
    }
}
