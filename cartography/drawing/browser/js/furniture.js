import { shortened } from "./geometry.js";
import { element, shape } from "./panel.js";

const LONGEST_BAR = 132; // CSS pixels of the scale bar at most
const STEPS = [1, 2, 5];
const EXPLAINED =
    "As far on this map as an item's 15 nearest neighbours in the original space typically lie around it: " +
    "a reach, not a distance.";
const ARROWS = { east: "→", west: "←", north: "↑", south: "↓" };
const POINTS = [0, 90, 180, 270];

/** A scale bar and a compass rose: small, in the corners, and never in the way of the pointer. */
export class Furniture {
    constructor() {
        this.bar = element("span", { className: "bar-line" });
        this.length = element("span", {});
        this.scale = element("div", { className: "scale-bar", title: EXPLAINED, hidden: true }, this.length, this.bar);
        this.grows = element("p", {});
        this.rose = element("div", { className: "rose" }, rose(), this.grows);
    }

    /** Say what grows along the map: [{side, column}]. */
    setCompass(compass) {
        const lines = compass.map(({ side, column }) => `${ARROWS[side]} more ${shortened(column, 22)}`);
        this.grows.replaceChildren(...lines.map((text) => element("span", { text })));
    }

    /** `reach` is how far a typical item's 15 neighbours lie on the map, 0 when unknown. A plain map has no rose. */
    draw(camera, { reach, theme }, showing) {
        const hidden = !(reach > 0) || !showing.shows("scale");
        if (this.scale.hidden !== hidden) this.scale.hidden = hidden;
        this.rose.hidden = !theme.fantasy || !showing.shows("rose");
        const pixels = reach * camera.scale;
        if (hidden || pixels === this.shown) return;
        this.shown = pixels;
        const reaches = roundBelow(LONGEST_BAR / pixels);
        this.bar.style.width = `${(reaches * pixels).toFixed(1)}px`;
        this.length.textContent = `${Number(reaches.toPrecision(2))} × the reach of 15 neighbours`;
    }
}

/** The largest of 1, 2, 5, 10, 20 ... and 0.5, 0.2 ... that is not above a value. */
function roundBelow(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return power * STEPS.findLast((step) => step * power <= value * (1 + 1e-9));
}

/** Eight points, half ink and half paper, and a letter in the north. */
function rose() {
    const turned = (degrees, long, wide) => [
        shape("path", { d: `M0 0L${wide} ${-wide}L0 ${-long}Z`, class: "dark", transform: `rotate(${degrees})` }),
        shape("path", { d: `M0 0L${-wide} ${-wide}L0 ${-long}Z`, class: "pale", transform: `rotate(${degrees})` }),
    ];
    const north = shape("text", { x: 0, y: -26.5, "text-anchor": "middle" });
    north.textContent = "N";
    return shape(
        "svg",
        { viewBox: "-36 -38 72 72" },
        shape("circle", { r: 15, class: "ring" }),
        ...POINTS.flatMap((degrees) => turned(degrees + 45, 17, 3)),
        ...POINTS.flatMap((degrees) => turned(degrees, 25, 4)),
        north,
    );
}
