/** What follows from choices: Python is told, items are lit or dimmed, spokes are fetched. */
export class Choosing {
    constructor(view, sets) {
        Object.assign(this, { view, sets });
    }

    /** Obey at the start, on an order of a newer version, and where only the selection became another. */
    obey(given, first, before) {
        const { choices } = this.view;
        const ordered = given.version > (before?.version ?? -Infinity);
        if (first || ordered) {
            const { steps, found } = choices;
            choices.adopt(given, first);
            if (!first) setTimeout(() => this.#confirm(steps, found));
            if (given.view) this.#go(given.view, first);
            this.#refresh(!first && given.selected !== before?.selected);
        } else if (choices.hear(given.selected)) {
            this.#refresh(true);
        }
    }

    /** Python took lasso or search away: what it reads of the map's state is true only once that is told. */
    #confirm(steps, found) {
        const { choices, data, report } = this.view;
        if (steps.length && !choices.steps.length) report.state("lasso", { steps: [], of: data.keys.points });
        if (found && !choices.found) this.#tellFound(data.keys.points);
    }

    #go(place, at_once) {
        if (!at_once) return this.view.hand.goTo(place);
        this.view.camera.look(place);
        this.view.seated = true;
    }

    #refresh(follow) {
        this.hold();
        this.view.recolour();
        this.spread();
        this.view.finder?.repeat();
        if (follow) this.view.hand.bringIntoView(this.view.choices.selected);
    }

    /** A person chose: tell Python, and draw what follows. */
    chosen(part) {
        const { choices, data, report } = this.view;
        const of = data.keys.points;
        if (part === "selected") {
            report.state("selected", { index: choices.selected, of });
            this.spread();
        }
        if (part === "steps") report.state("lasso", { steps: choices.steps, of });
        if (part === "chosen") report.state("chosen", { key: choices.chosen.key, of });
        if (part === "found") this.#tellFound(of);
        if (part === "off") this.#tellOff();
        if (part !== "selected") this.hold();
        this.view.draw();
    }

    #tellOff() {
        const { choices, report } = this.view;
        this.view.recolour();
        const codes = () => [...choices.off].sort((a, b) => a - b);
        report.soon("hidden", 250, () => ({ codes: codes(), of: this.view.data.keys.codes }));
    }

    #tellFound(of) {
        const { choices, report, finder } = this.view;
        finder?.repeat();
        const query = () => {
            const { text = "", columns = [], regex = false } = choices.found ?? {};
            return { text, columns, regex, of };
        };
        report.soon("found", 300, query);
    }

    /** Ask Python for something that only it can do; nothing happens where nobody listens. */
    ask(what, id = "") {
        this.view.report.flush("found", "hidden"); // Python must know what is chosen when it does something with that
        this.view.report.fire("ask", { what, id, of: this.view.data.keys.points });
    }

    /** Find which items are lit and which are left out; what has to be fetched for that comes a little later. */
    hold() {
        const { points, choices } = this.view;
        const keys = [choices.chosen.lit, choices.found?.key, choices.chosen.kept];
        const here = keys.map((key) => this.sets.at(key));
        points.off = choices.off;
        if (here.includes(undefined)) return void this.#fetch(keys);
        points.hold(choices.steps, here.slice(0, 2), here[2]);
        this.show();
        this.view.draw();
    }

    async #fetch(keys) {
        try {
            await this.sets.fetch(keys);
            if (keys.every((key) => this.sets.at(key) !== undefined)) this.hold();
        } catch (error) {
            this.view.notices.failed(error);
        }
    }

    show() {
        const { bar, panel, hand, choices, points, report } = this.view;
        panel.showDrawing(hand.drawing);
        bar.show({ choices, count: points?.heldCount ?? 0, drawing: hand.drawing, asks: report.connected });
    }

    /** Fetch the neighbours of the selected item and draw spokes to them, until Python sends what its panel shows. */
    async spread() {
        const { choices, marks, source, notices } = this.view;
        const item = choices.selected;
        marks.neighbours = [];
        this.view.draw();
        if (item === null) return;
        try {
            const { items } = await source.neighbours(item);
            if (item === choices.selected) marks.neighbours = items;
        } catch (error) {
            notices.failed(error);
        }
        this.view.draw();
    }
}
