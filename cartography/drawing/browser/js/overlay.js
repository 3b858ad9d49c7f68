import { faded } from "./geometry.js";

const LABELLED = 30; // pins with words beside them, at most
const POLE = 17; // CSS pixels of a pin
const ARROWHEAD = 11; // CSS pixels of an arrow's head
const SHORTEST = 4; // of an arrow that is drawn
const NO_ITEMS = { spokes: [], lost: [], false: [], route: [], ringed: [] };
const NO_OVERLAY = { centre: null, origin: null, ...NO_ITEMS, pins: [], legs: [] };

/** What a panel beside the map is about: spokes to neighbours, lost and false ones, a road, rings, pins, arrows. */
export class Overlay {
    constructor() {
        this.set(undefined);
    }

    set(content) {
        Object.assign(this, NO_OVERLAY, content);
    }

    /** Whether it draws the spokes of this item. */
    spreads(item) {
        return this.centre !== null && this.centre === item && this.spokes.length + this.lost.length > 0;
    }

    /** `on` draws lines on their pale bed and items, as Marks does: {line, item, place, theme, context, flat}. */
    draw(on, camera) {
        const { context, theme } = on;
        const centre = this.#centreOf(on, camera);
        if (centre) {
            this.#rays(on, centre, this.spokes, 1.4, []);
            this.#rays(on, centre, this.lost, 1.2, [5, 4]);
        }
        this.#road(on);
        for (const item of this.spokes) on.item(item, 0);
        for (const item of this.lost) on.item(item, 0);
        for (const item of this.false) this.#cross(on, on.place(item));
        for (const item of this.ringed) on.ring(on.place(item), 7, theme.ink, 1.6);
        context.setLineDash([]);
        if (!on.flat) return;
        this.#legs(on, camera);
        this.#pins(on, camera);
    }

    #centreOf({ place, flat }, camera) {
        if (this.centre !== null) return place(this.centre);
        return this.origin && flat ? [camera.screenX(this.origin[0]), camera.screenY(this.origin[1])] : null;
    }

    #rays({ context, line, place, theme }, [x, y], items, width, dashes) {
        if (!items.length) return;
        context.beginPath();
        for (const item of items) {
            context.moveTo(x, y);
            context.lineTo(...place(item));
        }
        context.setLineDash(dashes);
        line(theme.accent, width);
        context.setLineDash([]);
    }

    #road(on) {
        const { context, line, place, theme } = on;
        if (this.route.length < 2) return;
        context.beginPath();
        for (const item of this.route) context.lineTo(...place(item));
        context.lineJoin = "round";
        line(theme.ink, 5);
        context.setLineDash([9, 6]);
        context.lineWidth = 2;
        context.strokeStyle = theme.panel;
        context.stroke();
        context.setLineDash([]);
        for (const item of this.route) on.item(item, 1.5);
    }

    /** Near on the map only. */
    #cross({ context, line, theme }, [x, y]) {
        context.beginPath();
        for (const side of [-1, 1]) {
            context.moveTo(x - 5 * side, y - 5);
            context.lineTo(x + 5 * side, y + 5);
        }
        line(theme.ink, 1.8);
    }

    /** Arrows from place to place, each with its words beside the middle. */
    #legs(on, camera) {
        const { context, theme } = on;
        const ends = this.legs.map(({ from, to, label }) => ({
            from: [camera.screenX(from[0]), camera.screenY(from[1])],
            to: [camera.screenX(to[0]), camera.screenY(to[1])],
            label,
        }));
        context.lineJoin = context.lineCap = "round";
        for (const { from, to } of ends) arrow(on, from, to);
        context.font = `600 13px ${theme.font}`;
        context.textAlign = "center";
        for (const { from, to, label } of ends) {
            if (!label || lengthBetween(from, to) < 3 * ARROWHEAD) continue;
            haloed(context, theme, label, ...besideMiddle(from, to));
        }
        context.textAlign = "start";
        context.lineCap = "butt";
    }

    #pins({ context, theme }, camera) {
        const seen = this.pins.filter(({ x, y }) => camera.shows(x, y, -20));
        context.font = `600 12px ${theme.font}`;
        for (const pin of [...seen].reverse()) {
            const [x, y] = [camera.screenX(pin.x), camera.screenY(pin.y)];
            flag(context, x, y, theme, pin.kind);
        }
        for (const pin of seen.slice(0, LABELLED)) {
            if (!pin.label || seen.length > LABELLED) continue;
            haloed(context, theme, pin.label, camera.screenX(pin.x) + 13, camera.screenY(pin.y) - POLE + 6);
        }
    }
}

function haloed(context, theme, words, x, y) {
    context.lineWidth = 3;
    context.strokeStyle = faded(theme.halo, 0.85);
    context.strokeText(words, x, y);
    context.fillStyle = theme.ink;
    context.fillText(words, x, y);
}

function lengthBetween([x, y], [endX, endY]) {
    return Math.hypot(endX - x, endY - y);
}

/** Where words stand that belong to an arrow: beside its middle, on the upper side. */
function besideMiddle([x, y], [endX, endY]) {
    const long = lengthBetween([x, y], [endX, endY]);
    const up = endX < x ? -1 : 1;
    const away = 15 * up;
    return [(x + endX) / 2 + (away * (endY - y)) / long, (y + endY) / 2 - (away * (endX - x)) / long + 4];
}

function arrow({ context, line, theme }, [x, y], [endX, endY]) {
    const long = lengthBetween([x, y], [endX, endY]);
    if (long < SHORTEST) return;
    const [alongX, alongY] = [(endX - x) / long, (endY - y) / long];
    const head = Math.min(ARROWHEAD, 0.5 * long);
    const barb = (side) => [
        endX - head * alongX + 0.5 * side * head * alongY,
        endY - head * alongY - 0.5 * side * head * alongX,
    ];
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(endX - 0.8 * head * alongX, endY - 0.8 * head * alongY);
    line(theme.accent, 3);
    context.beginPath();
    context.moveTo(endX, endY);
    context.lineTo(...barb(1));
    context.lineTo(...barb(-1));
    context.closePath();
    line(theme.accent, 2);
    context.fillStyle = theme.accent;
    context.fill();
}

/** A pennant on a pole: filled for new points, plain for notes. */
function flag(context, x, y, theme, kind) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x, y - POLE);
    context.lineTo(x + 10, y - POLE + 4);
    context.lineTo(x, y - POLE + 8);
    context.lineWidth = 3.4;
    context.strokeStyle = faded(theme.halo, 0.8);
    context.stroke();
    context.fillStyle = kind === "note" ? theme.panel : theme.accent;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = theme.ink;
    context.stroke();
}
