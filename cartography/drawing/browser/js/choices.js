const REMEMBERED = 60;
const MOST_STEPS = 256; // loops of one lasso; the server reads no more

/** Nothing is chosen beside the map: {key, lit, kept, chips}, as Python sends it. */
export const NONE = { key: "", lit: "", kept: "", chips: [] };

/** What a choice is made of, and how two values of it are told apart. */
const PARTS = {
    selected: (item) => item,
    steps: (steps) => JSON.stringify(steps),
    off: (codes) => [...codes].sort((a, b) => a - b).join(),
    chosen: ({ key }) => key,
    found: (query) => (query ? JSON.stringify([query.text, query.columns, query.regex]) : ""),
};

/**
 * What a person chose on the map, and how to take it back and do it again: one item, the loops of a lasso, groups
 * switched off, what was searched for, and what was chosen beside the map. No part is ever changed, only replaced.
 */
export class Choices {
    /** `changed(part)` is told "selected", "steps", "off", "chosen" or "found". */
    constructor(changed) {
        this.changed = changed;
        this.reset();
    }

    /** Begin anew, on another map. */
    reset() {
        Object.assign(this, { selected: null, steps: [], off: new Set(), chosen: NONE, found: null });
        Object.assign(this, { past: [], future: [], unanswered: [] });
    }

    select(item) {
        this.#become({ selected: item });
    }

    /** Add a loop; "set" begins a new selection. */
    lasso(op, polygon) {
        if (op !== "set" && this.steps.length >= MOST_STEPS) return;
        this.#become({ steps: op === "set" ? [{ op, polygon }] : [...this.steps, { op, polygon }] });
    }

    clear() {
        this.#become({ selected: null, steps: [], found: null });
    }

    clearLasso() {
        this.#become({ steps: [] });
    }

    /** Search for something, {text, columns, regex, key, count}, or for nothing. What is typed on is one change. */
    find(query) {
        this.#become({ found: query }, Boolean(query && this.found));
        this.found = query; // the same words may have been found anew
    }

    undo() {
        this.#turnTo(this.past, this.future);
    }

    redo() {
        this.#turnTo(this.future, this.past);
    }

    /** Other groups: what was switched off means nothing any more. */
    regroup() {
        this.off = new Set();
    }

    toggle(code) {
        const off = new Set(this.off);
        if (!off.delete(code)) off.add(code);
        this.#become({ off });
    }

    showAll() {
        this.#become({ off: new Set() });
    }

    /** Show one group alone; once more shows all. */
    solo(code, codes) {
        const others = codes.filter((other) => other !== code);
        const alone = !this.off.has(code) && others.every((other) => this.off.has(other));
        this.#become({ off: new Set(alone ? [] : others) });
    }

    /** Obey Python, which can be taken back too, but at the `first` time. Nothing is reported back: it knows. */
    adopt({ selected, lasso, hidden, chosen = NONE, found = null }, first) {
        const given = { selected, steps: lasso, off: new Set(hidden), chosen, found: this.#known(found) };
        if (!first && this.#differing(given).length) this.#remember();
        Object.assign(this, given);
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

    /** The search at hand, where Python only repeats it: the map knows what was found. */
    #known(found) {
        return PARTS.found(found) === PARTS.found(this.found) ? this.found : found;
    }

    #differing(given) {
        return Object.keys(given).filter((part) => PARTS[part](given[part]) !== PARTS[part](this[part]));
    }

    #become(given, merged = false) {
        if (!this.#differing(given).length) return;
        if (!merged) this.#remember();
        this.#take(given);
    }

    #remember() {
        this.past.push(this.#now());
        if (this.past.length > REMEMBERED) this.past.shift();
        this.future = [];
    }

    #now() {
        return Object.fromEntries(Object.keys(PARTS).map((part) => [part, this[part]]));
    }

    #turnTo(from, to) {
        const state = from.pop();
        if (!state) return;
        to.push(this.#now());
        this.#take(state);
    }

    #take(given) {
        const changed = this.#differing(given);
        for (const part of changed) this[part] = given[part];
        if (changed.includes("selected")) this.unanswered.push(this.selected);
        for (const part of changed) this.changed(part);
    }
}
