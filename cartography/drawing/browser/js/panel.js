const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
    plus: "M12 5v14M5 12h14",
    minus: "M5 12h14",
    home: "M4 12l8-7 8 7M6.5 10v9h11v-9M10.5 19v-5h3v5",
    lasso:
        "M9.6 15.2C6 14.6 3.5 12.6 3.5 10c0-3.2 3.7-5.5 8.5-5.5s8.5 2.3 8.5 5.5-3.7 5.5-8.5 5.5" +
        "M12 13.4a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2zM11.3 17.5c-.3 1.3-1.4 2.3-3.3 2.5",
    chevron: "M7 10l5 5 5-5",
};

/** Make an element. Text is text: nothing that comes from a file is ever read as markup. */
export function element(name, properties = {}, ...children) {
    const { className, text, ...attributes } = properties;
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) {
        if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children);
    return made;
}

/** Make an element of a drawing. */
export function shape(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
    made.append(...children);
    return made;
}

export function icon(name) {
    return shape("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, shape("path", { d: ICONS[name] }));
}

export function button(label, act, ...content) {
    const made = element("button", { type: "button", "aria-label": label, title: label }, ...content);
    made.addEventListener("click", act);
    return made;
}

/** The elements around the canvas: buttons, status line, notices, and the towns for screen readers. */
export class Panel {
    constructor(root, actions, bar) {
        this.root = root;
        this.canvas = element("canvas", { tabindex: "0", role: "application", "aria-describedby": "map-keys" });
        this.status = element("p", { className: "status", role: "status" });
        this.notice = element("div", { className: "notice", role: "alert" });
        this.towns = element("table", { className: "unseen" });
        this.#buildControls(actions);
        this.keys = element("p", { className: "unseen", id: "map-keys", text: KEYS });
        root.replaceChildren(this.canvas, this.controls, bar, this.status, this.keys, this.towns, this.notice);
    }

    /** Put what stands in the corners on the map; the card lies over all of it. */
    furnish(legend, { scale, rose }, minimap, finder, card) {
        const left = element("div", { className: "corner left" }, scale, this.status);
        const right = element("div", { className: "corner right" }, rose, minimap);
        this.root.append(left, right, legend, finder, card);
    }

    obey(showing) {
        this.root.classList.toggle("unframed", !showing.shows("frame"));
    }

    #buildControls({ zoomIn, zoomOut, home, toggleLasso, toggleDepth }) {
        this.lassoButton = button("Lasso (Shift+drag)", toggleLasso, icon("lasso"));
        this.lassoButton.setAttribute("aria-pressed", "false");
        this.depthButton = button("3-D view", toggleDepth, element("b", { text: "3-D" }));
        this.showDepth(false, false);
        this.controls = element(
            "div",
            { className: "controls", role: "toolbar", "aria-label": "Map tools" },
            button("Zoom in (+)", zoomIn, icon("plus")),
            button("Zoom out (−)", zoomOut, icon("minus")),
            button("Show the whole map (Home)", home, icon("home")),
            this.lassoButton,
            this.depthButton,
        );
    }

    /** Whether the items have a depth, and whether it is seen: then there is no lasso. */
    showDepth(there, on) {
        this.depthButton.hidden = !there;
        this.depthButton.setAttribute("aria-pressed", String(on));
        this.depthButton.title = on ? LIE_DOWN : RISE_UP;
        this.lassoButton.disabled = on;
        this.lassoButton.title = on ? "The lasso works on the map, not in 3-D" : "Lasso (Shift+drag)";
        this.root.classList.toggle("deep", on);
    }

    showDrawing(drawing) {
        this.lassoButton.setAttribute("aria-pressed", String(drawing));
        this.root.classList.toggle("drawing", drawing);
    }

    /** `passing` texts are not read out: the next one is already on its way. */
    setStatus(text, passing) {
        if (this.status.textContent === text) return;
        this.status.setAttribute("aria-live", passing ? "off" : "polite");
        this.status.textContent = text;
    }

    /** A message over the map, with one thing to do about it. No text takes it away. */
    showNotice(text, kind = "", action = null) {
        this.notice.className = text ? `notice ${kind}` : "notice";
        this.notice.hidden = !text;
        this.notice.replaceChildren(...(text ? [element("p", { text })] : []));
        if (text && action) this.notice.append(button(action.label, action.act, action.label));
    }

    /** Setting a size empties the canvas, so it is done only for another one. */
    fitCanvas(camera, density) {
        const [width, height] = [camera.width, camera.height].map((side) => Math.round(side * density));
        if (this.canvas.width !== width) this.canvas.width = width;
        if (this.canvas.height !== height) this.canvas.height = height;
    }

    describe(title, count) {
        this.canvas.setAttribute("aria-label", `Map of ${title || "the items"}: ${count} items.`);
    }

    /** The towns as a table, for those who hear the map. */
    listTowns(towns, ranks = RANKS) {
        const heads = ["Town", "Rank", "Items"].map((text) => element("th", { scope: "col", text }));
        const head = element("tr", {}, ...heads);
        const rows = towns.slice(0, 300).map(({ name, rank, population }) =>
            element("tr", {}, ...[name, ranks[rank], String(population)].map((text) => element("td", { text }))),
        );
        this.towns.replaceChildren(element("caption", { text: "Towns, the largest first" }), head, ...rows);
    }

    setTheme(theme, height) {
        const { style, classList } = this.root;
        for (const role of ROLES) style.setProperty(`--${role}`, theme[role]);
        style.setProperty("--font", theme.font);
        style.setProperty("--title-font", theme.titleFont);
        style.height = height;
        classList.toggle("dark", theme.dark);
        classList.toggle("fantasy", theme.fantasy);
    }
}

const ROLES = ["sea", "ink", "road", "halo", "accent", "panel", "fog"];
const RANKS = ["capital", "city", "town", "village", "hamlet"];
const RISE_UP = "3-D view: the items rise into their depth";
const LIE_DOWN =
    "Back to the map. In 3-D drag or arrow keys turn, Shift+drag or two fingers move, the wheel zooms, Home looks as " +
    "at first; there is no lasso.";
const KEYS =
    "Arrow keys move the map, plus and minus zoom, Home shows all of it. Enter selects the item in the middle, " +
    "Escape clears, Control+Z takes back, Control+Shift+Z does again. Slash searches, N and P go through what was " +
    "found. Shift and drag draws a lasso; with Control it adds, with Alt it subtracts. In 3-D the arrow keys turn.";
