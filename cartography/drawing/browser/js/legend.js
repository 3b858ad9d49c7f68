import { counted } from "./geometry.js";
import { button, element, icon } from "./panel.js";
import { Signs } from "./signs.js";

const FIRST = 12;
const SAMPLE = 5000;
const AIR = 8; // CSS pixels around it

/** What the colours mean: groups that can be switched off, or a scale. And what else is drawn. */
export class Legend {
    constructor({ toggle, solo }) {
        Object.assign(this, { toggle, solo });
        this.box = element("section", { className: "legend", "aria-label": "Legend", hidden: true });
        this.rows = new Map();
        this.signs = new Signs();
    }

    /** Show other layers of the same map. */
    obey(showing) {
        if (!this.names) return;
        this.box.hidden = !showing.shows("legend");
        this.signs.explain(this.names, this.theme, showing);
    }

    setLegend(names, theme, showing) {
        Object.assign(this, { names, theme, codes: [] });
        this.rows.clear();
        const { legend, colours } = names;
        const grey = legend.kind === "none" && (legend.groups?.length ?? 0) < 2;
        const body = element("div", { className: "body", id: "legend-body" });
        if (legend.groups && !grey) this.#fillGroups(body, legend);
        else if (!legend.groups) body.append(scale(legend, colours));
        if (legend.missing.count && !grey) body.append(this.#list([{ ...legend.missing, name: "no value" }]));
        if (names.sizes) body.append(sizes(names.sizes));
        body.append(this.signs.box);
        this.box.replaceChildren(this.#head(grey ? {} : legend), body);
        this.obey(showing);
        this.#fold(this.box.classList.contains("folded"));
    }

    #head({ column }) {
        this.folder = button("Fold the legend", () => this.#fold(!this.box.classList.contains("folded")));
        this.folder.className = "head";
        this.folder.setAttribute("aria-controls", "legend-body");
        this.folder.append(element("span", { text: column ?? "Legend" }), icon("chevron"));
        return this.folder;
    }

    #fold(folded) {
        this.box.classList.toggle("folded", folded);
        this.folder.setAttribute("aria-expanded", String(!folded));
        const name = this.folder.textContent;
        this.folder.setAttribute("aria-label", `${folded ? "Unfold" : "Fold"} the legend: ${name}`);
        this.folder.title = folded ? "Unfold the legend" : "Fold the legend";
    }

    /** Have the home of the map lie beside it; a map `seated` elsewhere from the start keeps its place and zoom. */
    makeRoom(camera, points, seated) {
        const place = camera.place;
        if (seated) camera.look(camera.home());
        this.#standAside(camera, points);
        if (seated) camera.look(place);
    }

    /** Where points would lie under it at home, have the map start beside it; the first are a fair sample of all. */
    #standAside(camera, { xy, count }) {
        if (this.box.hidden || camera.aside || !camera.atHome) return;
        const right = this.box.offsetLeft + this.box.offsetWidth + AIR;
        const bottom = this.box.offsetTop + this.box.offsetHeight + AIR;
        const under = (i) => camera.screenX(xy[2 * i]) < right && camera.screenY(xy[2 * i + 1]) < bottom;
        for (let i = 0; i < Math.min(count, SAMPLE); i++) {
            if (!under(i)) continue;
            camera.leaveAside(right);
            camera.look(camera.home());
            return;
        }
    }

    /** Fold it once, where there is little room. */
    foldFor(width) {
        if (width && width < 520 && this.folder && !this.foldedOnce) this.#fold(true);
        if (width && this.folder) this.foldedOnce = true;
    }

    #fillGroups(body, { groups, unlisted }) {
        body.append(this.#list(groups.slice(0, FIRST)));
        const rest = groups.slice(FIRST);
        if (!rest.length) return;
        const more = this.#list(rest);
        more.hidden = true;
        const label = `${counted(rest.length + unlisted)} more`;
        const opener = button(`Show ${label} groups`, () => {
            more.hidden = !more.hidden;
            opener.textContent = more.hidden ? label : "fewer";
        }, label);
        opener.className = "more";
        const smaller = `and ${counted(unlisted)} smaller groups`;
        if (unlisted) more.append(element("li", { className: "rest", text: smaller }));
        body.append(more, opener);
    }

    #list(groups) {
        return element("ul", {}, ...groups.map((group) => element("li", {}, this.#row(group))));
    }

    #row({ code, name, count, colour }) {
        const swatch = element("span", { className: "swatch" });
        swatch.style.background = colour;
        const row = element(
            "button",
            { type: "button", className: "group", "aria-pressed": "true", title: `${name}\nDouble click: only this` },
            swatch,
            element("span", { className: "name", text: name }),
            element("span", { className: "count", text: counted(count) }),
        );
        row.addEventListener("click", () => this.toggle(code));
        row.addEventListener("dblclick", () => this.solo(code, this.codes));
        this.rows.set(code, row);
        this.codes.push(code);
        return row;
    }

    showOff(off) {
        for (const [code, row] of this.rows) row.setAttribute("aria-pressed", String(!off.has(code)));
    }
}

/** From low to high, as large as items are drawn. */
function sizes({ column, low, high, grades }) {
    const dots = grades.map((factor) => {
        const dot = element("span", { className: "dot" });
        dot.style.width = dot.style.height = `${(7 * factor).toFixed(1)}px`;
        return dot;
    });
    return element(
        "div",
        { className: "scale sizes" },
        element("span", { text: `Size: ${column}` }),
        element("div", { className: "dots", role: "img", "aria-label": `from ${low} to ${high}` }, ...dots),
        element("div", { className: "ends" }, element("span", { text: low }), element("span", { text: high })),
    );
}

/** From low to high, in the colours of the map. */
function scale({ low, high }, colours) {
    const steps = [0, 32, 64, 96, 128, 160, 192, 224, 254].map((code) => colours[code]);
    const ramp = element("div", { className: "ramp", role: "img", "aria-label": `from ${low} to ${high}` });
    ramp.style.background = `linear-gradient(to right, ${steps.join(", ")})`;
    const ends = element("div", { className: "ends" }, element("span", { text: low }), element("span", { text: high }));
    return element("div", { className: "scale" }, ramp, ends);
}
