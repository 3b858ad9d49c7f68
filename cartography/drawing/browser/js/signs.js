import { button, element, icon, shape } from "./panel.js";

const READING = "Land rises where items crowd; the sea holds next to none. Fine folds of the slopes are decoration.";
const READING_PLAIN = "Ground is drawn where items are dense; contours are steps of log density.";
const RANKED = [["capital", 6], ["city", 5], ["town", 4], ["village", 3.2], ["hamlet", 2.6]];
const RANKED_PLAIN = [["main cluster", 6], ["large", 4], ["small", 2.6]];
const FANTASY_WAYS = ["road", "path", "ferry"];
const SOBER_WAYS = ["link", "weaker link", "link across empty ground"];
const BORDER_SIGNS = [
    [true, "", "border that the original space supports"],
    [false, "6 4", "border between groups that mix there"],
    [null, "0.1 4", "border, not measured"],
];

/** The part of the legend that says what is drawn besides colours; folded until somebody asks. */
export class Signs {
    constructor() {
        this.open = false;
        this.body = element("div", { className: "signs-body", id: "signs-body" });
        const name = element("span", { text: "What is drawn" });
        this.head = button("What is drawn", () => this.#fold(this.open), name, icon("chevron"));
        this.head.className = "signs-head";
        this.head.setAttribute("aria-controls", "signs-body");
        this.box = element("div", { className: "signs" }, this.head, this.body);
        this.#fold(true);
    }

    #fold(folded) {
        this.open = !folded;
        this.box.classList.toggle("shut", folded);
        this.head.setAttribute("aria-expanded", String(this.open));
    }

    /** Explain the layers that are there and shown, and nothing else. */
    explain(names, theme, showing) {
        const rows = [
            ...(showing.shows("towns") && names.towns.length ? [marks(theme)] : []),
            ...(showing.shows("borders") ? borderRows(names) : []),
            ...(showing.shows("roads") ? roadRows(names, theme) : []),
            ...(showing.shows("fog") && names.fog ? [fogRow(names.fog)] : []),
            ...(showing.shows("dragons") && names.dragons.length ? [dragonRow(names.glyphs, theme)] : []),
            element("p", { text: theme.fantasy ? READING : READING_PLAIN }),
        ];
        this.body.replaceChildren(...rows);
    }
}

function marks({ fantasy }) {
    const entries = (fantasy ? RANKED : RANKED_PLAIN).map(([name, radius]) => {
        const disc = [shape("circle", { r: radius, cx: 7, cy: 7, class: "mark" })];
        const heart = radius > 5 ? "heart" : "dot";
        if (radius > 4) disc.push(shape("circle", { r: radius - 2.6, cx: 7, cy: 7, class: heart }));
        return element("span", {}, shape("svg", { viewBox: "0 0 14 14", class: "tiny" }, ...disc), name);
    });
    return element("div", { className: "marks" }, ...entries);
}

function borderRows({ borders }) {
    const kinds = BORDER_SIGNS.filter(([firm]) => borders.some((border) => border.firm === firm));
    return kinds.map(([, dashes, text]) => row(text, line("border", dashes)));
}

function roadRows({ roads }, { fantasy }) {
    const [road, path, ferry] = fantasy ? FANTASY_WAYS : SOBER_WAYS;
    const torn = roads.some((one) => one.ferry);
    const has = (rank) => roads.some((one) => !one.ferry && one.rank === rank);
    return [
        ...(has(0) ? [row(`main ${road}: by far more neighbours than chance`, line("road main", ""))] : []),
        ...(has(1) ? [row(`${road}: more neighbours than chance`, line("road", ""))] : []),
        ...(has(2) ? [row(`${path}, seen closer up`, line("road path", "3.5 2.5"))] : []),
        ...(torn ? [row(`${ferry}: the map tore these apart`, line("ferry", "1.5 4"))] : []),
    ];
}

function fogRow({ share }) {
    const said = share > 0 ? `${share < 0.01 ? "under 1" : Math.round(100 * share)} % of the items stand in it` : "";
    const text = `fog: the map is not to be trusted here${said ? `; ${said}` : ""}`;
    return row(text, shape("rect", { x: 2, y: 1, width: 36, height: 10, rx: 5, class: "fog" }));
}

function dragonRow(glyphs, { fantasy }) {
    if (!fantasy) return row("near nothing: items without near neighbours");
    const place = `translate(8 -3) scale(${18 / glyphs.box[1]})`;
    const beast = shape("path", { d: glyphs.dragon, class: "beast", transform: place });
    return row("here be dragons: items near nothing", beast);
}

function line(kind, dashes) {
    return shape("path", { d: "M2 6H38", class: kind, "stroke-dasharray": dashes || undefined });
}

function row(text, ...drawn) {
    const picture = shape("svg", { viewBox: "0 0 40 12", class: "sign", "aria-hidden": "true" }, ...drawn);
    return element("div", { className: "row" }, picture, element("span", { text }));
}
