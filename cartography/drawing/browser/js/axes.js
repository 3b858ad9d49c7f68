import { faded, shortened } from "./geometry.js";

const EDGE = 12; // CSS pixels between a name and the edge of the map
const KEPT = 74; // and the nearest that one comes to a corner
const LONGEST_END = 26; // letters
const TALL = 24;
const SCALE = 184; // as far as scale and count reach from the left, at the foot of the map

/** The sides of a map that mean something: a line where each is zero, and the poles' names at its ends. */
export class AxisLines {
    constructor() {
        this.axes = [];
    }

    /** [{side, name, low, high, zero}] */
    setAxes(axes = []) {
        this.axes = axes.filter(({ side }) => side !== "z");
    }

    draw(context, camera, theme) {
        if (!this.axes.length) return;
        const zero = Object.fromEntries(this.axes.map(({ side, zero }) => [side, zero]));
        context.save();
        for (const axis of this.axes) {
            if (axis.side === "x") this.#across(context, camera, theme, axis, zero.y ?? null);
            else this.#upright(context, camera, theme, axis, zero.x ?? null);
        }
        context.restore();
    }

    /** West to east; its line is where the other axis is zero. */
    #across(context, camera, theme, { low, high }, level) {
        const { width, height } = camera;
        const y = kept(level === null ? height / 2 : camera.screenY(level), height);
        if (level !== null) rule(context, theme, [0, camera.screenY(level)], [width, camera.screenY(level)]);
        plate(context, theme, `◂ ${shortened(low, LONGEST_END)}`, EDGE, y, 0);
        plate(context, theme, `${shortened(high, LONGEST_END)} ▸`, width - EDGE, y, 1);
    }

    #upright(context, camera, theme, { low, high }, level) {
        const { width, height } = camera;
        const x = kept(level === null ? width / 2 : camera.screenX(level), width);
        if (level !== null) rule(context, theme, [camera.screenX(level), 0], [camera.screenX(level), height]);
        plate(context, theme, `▴ ${shortened(high, LONGEST_END)}`, x, KEPT, 0.5);
        const free = [SCALE, width - EDGE];
        plate(context, theme, `▾ ${shortened(low, LONGEST_END)}`, x, height - EDGE - TALL, 0.5, free);
    }
}

/** Names follow their axis, but never into a corner. */
function kept(at, length) {
    return Math.max(2 * KEPT, Math.min(length - 2 * KEPT, at));
}

function rule(context, theme, from, to) {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.lineWidth = 3;
    context.strokeStyle = faded(theme.halo, 0.5);
    context.stroke();
    context.lineWidth = 1.2;
    context.setLineDash([7, 5]);
    context.strokeStyle = faded(theme.ink, 0.65);
    context.stroke();
    context.setLineDash([]);
}

/** Words on a small sign; `hold` says by which part of its width it hangs at x, as long as it stays `within`. */
function plate(context, theme, words, x, y, hold, within = [-Infinity, Infinity]) {
    context.font = `700 14px ${theme.titleFont}`;
    const wide = context.measureText(words).width + 16;
    const left = Math.min(Math.max(x - hold * wide, within[0]), within[1] - wide);
    context.fillStyle = faded(theme.panel, 0.9);
    context.strokeStyle = faded(theme.ink, 0.8);
    context.lineWidth = 1;
    context.beginPath();
    context.rect(left, y - TALL / 2, wide, TALL);
    context.fill();
    context.stroke();
    context.fillStyle = theme.accent;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(words, left + 8, y + 1);
}
