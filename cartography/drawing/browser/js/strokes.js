import { outline } from "./lasso.js";
import { AROUND } from "./sheet.js";

const ALLOWED = 0.35; // pixels by which a line may be straightened
const ROUNDINGS = 3; // times that corners are cut
const FINE = 160; // points of a line that needs no more of them
const BEYOND = AROUND + 12; // pixels around the screen to which lines are drawn

/** A line on the map, given as x and y by turns: rounded once, and straightened for each zoom when it is first seen. */
export class Stroke {
    constructor(flat) {
        this.points = Array.from({ length: flat.length >> 1 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
        for (let i = 0; i < ROUNDINGS && this.points.length < FINE; i++) this.points = cutCorners(this.points);
        this.box = boundsOf(this.points);
        this.levels = new Map();
    }

    /** The line as fine as a screen of so many pixels per map unit shows it: {xy, along}, in map units. */
    at(scale) {
        const level = Math.ceil(Math.log2(scale));
        if (!this.levels.has(level)) this.levels.set(level, measured(outline(this.points, ALLOWED / 2 ** level)));
        return this.levels.get(level);
    }

    touches({ west, east, south, north }) {
        const [left, low, right, high] = this.box;
        return left <= east && right >= west && low <= north && high >= south;
    }

    /** How far (x, y) is from the line, in map units. */
    distance(x, y, scale) {
        const { xy } = this.at(scale);
        let least = Infinity;
        for (let i = 0; i + 3 < xy.length; i += 2) least = Math.min(least, squaredTo(x, y, xy, i));
        return Math.sqrt(least);
    }

    /** The place and direction (radians, on screen) of the line's middle. */
    get middle() {
        const { xy, along } = measured(this.points);
        const half = along[along.length - 1] / 2;
        const i = Math.min(along.length - 2, Math.max(0, along.findIndex((length) => length >= half) - 1));
        const share = (half - along[i]) / (along[i + 1] - along[i] || 1);
        const [x0, y0, x1, y1] = xy.subarray(2 * i, 2 * i + 4);
        return { x: x0 + share * (x1 - x0), y: y0 + share * (y1 - y0), length: 2 * half };
    }
}

/** Replace each corner by two, a quarter of the way to its neighbours (Chaikin, 1974). The ends stay. */
function cutCorners(points) {
    const cut = [points[0]];
    for (let i = 0; i + 1 < points.length; i++) {
        const [[x0, y0], [x1, y1]] = [points[i], points[i + 1]];
        cut.push([0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1], [0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1]);
    }
    return [...cut, points[points.length - 1]];
}

function boundsOf(points) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of points) {
        [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
        [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
    }
    return box;
}

/** The points by turns, and the length of the line up to each. */
function measured(points) {
    const xy = Float64Array.from(points.flat());
    const along = new Float64Array(points.length);
    for (let i = 1; i < points.length; i++) {
        along[i] = along[i - 1] + Math.hypot(xy[2 * i] - xy[2 * i - 2], xy[2 * i + 1] - xy[2 * i - 1]);
    }
    return { xy, along };
}

function squaredTo(x, y, xy, i) {
    const [fromX, fromY] = [xy[i], xy[i + 1]];
    const [dx, dy] = [xy[i + 2] - fromX, xy[i + 3] - fromY];
    const share = ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1);
    const t = share < 0 ? 0 : share > 1 ? 1 : share;
    return (x - fromX - t * dx) ** 2 + (y - fromY - t * dy) ** 2;
}

/** The strokes that may be in sight. */
export function inSight(lines, camera) {
    const window = camera.window(BEYOND);
    return lines.filter(({ stroke }) => stroke.touches(window));
}

/** Add what is in sight of a line to the path under way; `begins(pixels)` and `ends()` frame every part of it. */
export function trace(context, stroke, camera, begins = nothing, ends = nothing) {
    const { xy, along } = stroke.at(camera.scale);
    const [right, down] = [camera.width + BEYOND, camera.height + BEYOND];
    let drawing = false;
    for (let i = 0; i + 1 < along.length; i++) {
        const [x0, y0] = [camera.screenX(xy[2 * i]), camera.screenY(xy[2 * i + 1])];
        const [x1, y1] = [camera.screenX(xy[2 * i + 2]), camera.screenY(xy[2 * i + 3])];
        const [from, to] = clipped(x0, y0, x1 - x0, y1 - y0, right, down);
        if (drawing && (from > 0 || from > to)) ends();
        if (from > to) {
            drawing = false;
            continue;
        }
        if (!drawing || from > 0) {
            begins((along[i] + from * (along[i + 1] - along[i])) * camera.scale);
            context.moveTo(x0 + from * (x1 - x0), y0 + from * (y1 - y0));
        }
        context.lineTo(x0 + to * (x1 - x0), y0 + to * (y1 - y0));
        drawing = to === 1;
        if (!drawing) ends();
    }
    if (drawing) ends();
}

/** Between which shares of its way a segment is on screen (Liang and Barsky, 1984); the first is larger when never. */
function clipped(x, y, dx, dy, right, down) {
    let [from, to] = [0, 1];
    const sides = [[-dx, x + BEYOND], [dx, right - x], [-dy, y + BEYOND], [dy, down - y]];
    for (const [step, room] of sides) {
        if (step === 0 && room < 0) return [1, 0];
        if (step < 0) from = Math.max(from, room / step);
        if (step > 0) to = Math.min(to, room / step);
    }
    return [from, to];
}

/** Stroke lines in dashes that stay where they are on the map while it is panned. */
export function dash(context, lines, camera, pattern) {
    const period = pattern.reduce((sum, part) => sum + part, 0);
    context.setLineDash(pattern);
    const begins = (pixels) => {
        context.lineDashOffset = pixels % period;
        context.beginPath();
    };
    for (const { stroke } of lines) trace(context, stroke, camera, begins, () => context.stroke());
    context.setLineDash([]);
    context.lineDashOffset = 0;
}

/** The index of the line nearest to a pixel, and how many pixels it is off; nothing beyond `reach` is found. */
export function nearestLine(lines, camera, { px, py, reach }, accepts = () => true) {
    const [x, y, far] = [camera.mapX(px), camera.mapY(py), reach / camera.scale];
    const window = { west: x - far, east: x + far, south: y - far, north: y + far };
    const found = { index: -1, off: reach };
    lines.forEach((line, index) => {
        if (!line.stroke.touches(window) || !accepts(line)) return;
        const off = line.stroke.distance(x, y, camera.scale) * camera.scale;
        if (off <= found.off) Object.assign(found, { index, off });
    });
    return found;
}

function nothing() {}
