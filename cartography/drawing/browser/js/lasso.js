// Loops drawn by hand. lasso.py follows the same rule with the same arithmetic: both agree on every item.

const MOST_CORNERS = 200;
const SLABS = 256;

/** Leave out the corners that matter least, until at most 200 are left (Douglas and Peucker, 1973). */
export function simplified(polygon, tolerance) {
    let corners = polygon;
    for (let allowed = tolerance; corners === polygon || corners.length > MOST_CORNERS; allowed *= 1.6) {
        corners = outline(polygon, allowed);
    }
    return corners;
}

/** A line without the corners that stray less than `tolerance` from it. */
export function outline(polygon, tolerance) {
    const kept = new Uint8Array(polygon.length);
    kept[0] = kept[polygon.length - 1] = 1;
    const spans = [[0, polygon.length - 1]];
    while (spans.length) {
        const [first, last] = spans.pop();
        const [worst, off] = farthest(polygon, first, last);
        if (off <= tolerance) continue;
        kept[worst] = 1;
        spans.push([first, worst], [worst, last]);
    }
    return polygon.filter((_, i) => kept[i]);
}

/** The corner farthest from the line between two others, and how far it is. */
function farthest(polygon, first, last) {
    const [[x0, y0], [x1, y1]] = [polygon[first], polygon[last]];
    const length = Math.hypot(x1 - x0, y1 - y0);
    let [worst, most] = [first, -1];
    for (let i = first + 1; i < last; i++) {
        const [x, y] = polygon[i];
        const off = length
            ? Math.abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
            : Math.hypot(x - x0, y - y0);
        if (off > most) [worst, most] = [i, off];
    }
    return [worst, most];
}

/** Which items the steps, one after the other, leave selected: 0 or 1 for each. */
export function holds(steps, xy, count) {
    const held = new Uint8Array(count);
    for (const { op, polygon } of steps) {
        if (op === "set") held.fill(0);
        if (polygon.length >= 3) mark(held, xy, count, polygon, op === "subtract" ? 0 : 1);
    }
    return held;
}

/** A point is compared only with the edges that cross its slab, not with all. */
function mark(held, xy, count, polygon, value) {
    const xs = polygon.map(([x]) => x);
    const ys = polygon.map(([, y]) => y);
    const [west, east] = [Math.min(...xs), Math.max(...xs)];
    const [south, north] = [Math.min(...ys), Math.max(...ys)];
    const perUnit = SLABS / (north - south || 1);
    const slabs = slabsOf(polygon, south, perUnit);
    for (let i = 0; i < count; i++) {
        const x = xy[2 * i];
        const y = xy[2 * i + 1];
        if (x < west || x > east || y < south || y > north) continue;
        if (isInside(slabs[Math.min(SLABS - 1, Math.floor((y - south) * perUnit))], x, y)) held[i] = value;
    }
}

/** For each slab the edges that reach into it, as x0, y0, x1, y1 in a row. */
function slabsOf(polygon, south, perUnit) {
    const slabs = Array.from({ length: SLABS }, () => []);
    const slab = (y) => Math.min(SLABS - 1, Math.max(0, Math.floor((y - south) * perUnit)));
    polygon.forEach(([x0, y0], i) => {
        const [x1, y1] = polygon[(i + 1) % polygon.length];
        for (let s = slab(Math.min(y0, y1)); s <= slab(Math.max(y0, y1)); s++) slabs[s].push(x0, y0, x1, y1);
    });
    return slabs.map((edges) => Float64Array.from(edges));
}

/** Even-odd: whether a ray to the east crosses the outline an odd number of times. */
function isInside(edges, x, y) {
    let odd = false;
    for (let e = 0; e < edges.length; e += 4) {
        const y0 = edges[e + 1];
        const y1 = edges[e + 3];
        if (y0 > y !== y1 > y && x < ((edges[e + 2] - edges[e]) * (y - y0)) / (y1 - y0) + edges[e]) odd = !odd;
    }
    return odd;
}
