// The mathematics of a view in three dimensions. x runs to the east, y to the north, z up out of the map. Seen from
// straight above, at tilt 0, the picture is the map; at tilt 90° one looks to the north over its plane.

export const LAYERS = 5; // from the farthest items to the nearest
const CLOUD_SAMPLE = 20000; // items that say how a cloud lies; the first are a fair sample
const [FEW, NEARLY_ALL] = [0.01, 0.99]; // of the items lie below, and below the top of, the room they take
const WITHIN = 0.97; // of the items lie within the radius
const FILLED = 0.92; // of the stage, from the middle to its nearer edges, by the radius
const EYE = 3.6; // radii from the middle to the eye
const CLOSEST = 0.2; // of that way: nothing is drawn larger than from there
const DEEP = 0.7; // radii before and behind the middle between which the layers lie
const CELLS = 9; // of the floor, about, along its longer side
const ROUND = [1, 2, 5, 10];

/** How a cloud of items lies: {low, high, middle} of the room most of them take, its `radius`, and the `floor`. */
export function lieOf(xy, depths, count) {
    const seen = Math.min(count, CLOUD_SAMPLE);
    const pick = (value) => Float64Array.from({ length: seen }, (_, i) => value(i));
    const axes = [pick((i) => xy[2 * i]), pick((i) => xy[2 * i + 1]), pick((i) => depths[i])];
    const sorted = axes.map((values) => values.slice().sort());
    const [low, high] = [FEW, NEARLY_ALL].map((share) => sorted.map((values) => quantile(values, share)));
    const middle = low.map((value, axis) => (value + high[axis]) / 2);
    const away = pick((i) => Math.hypot(...axes.map((values, axis) => values[i] - middle[axis]))).sort();
    const radius = quantile(away, WITHIN) || 1;
    let floor = Infinity;
    for (let i = 0; i < count; i++) if (depths[i] < floor) floor = depths[i];
    return { low, high, middle, radius, floor: Math.max(floor, middle[2] - radius) };
}

function quantile(sorted, share) {
    return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

/**
 * How a cloud is looked at: by `yaw` and `tilt` in radians, of both and of its depth a `share`, its middle brought to
 * the middle of the `stage` {x, y, width, height} and its size to that of the stage.
 */
export function poseOf({ yaw, tilt, share }, cloud, stage) {
    const [sinYaw, cosYaw, sinTilt, cosTilt] = [yaw, tilt].flatMap((a) => [Math.sin(a * share), Math.cos(a * share)]);
    const fitting = (FILLED * Math.min(stage.width, stage.height)) / 2 / cloud.radius;
    const mixed = (from, to) => from + (to - from) * share;
    return {
        right: [cosYaw, -sinYaw, 0],
        up: [sinYaw * cosTilt, cosYaw * cosTilt, sinTilt],
        toward: [-sinYaw * sinTilt, -cosYaw * sinTilt, cosTilt],
        middle: cloud.middle,
        centre: [mixed(cloud.middle[0], stage.x), mixed(cloud.middle[1], stage.y)],
        size: mixed(1, fitting),
        rise: share,
        bend: share / (EYE * cloud.radius),
        radius: cloud.radius,
    };
}

/** Where a place is seen, in map units, and how far it comes toward the eye, in radii: [u, v, near]. */
export function placeIn({ right, up, toward, middle, centre, size, rise, bend, radius }, x, y, z) {
    const [dx, dy, dz] = [x - middle[0], y - middle[1], (z - middle[2]) * rise];
    const near = toward[0] * dx + toward[1] * dy + toward[2] * dz;
    const grown = size / Math.max(CLOSEST, 1 - bend * near);
    const u = centre[0] + grown * (right[0] * dx + right[1] * dy);
    const v = centre[1] + grown * (up[0] * dx + up[1] * dy + up[2] * dz);
    return [u, v, near / radius];
}

/**
 * Place the items `listed` (places in `xy` and `depths`; null: the first `count`) into `seen` (u and v by turns) and
 * their layers, one for each listed item, into `layers`. The same as `placeIn`, but a million in some milliseconds.
 */
export function placeAll(pose, { xy, depths }, { listed, count }, seen, layers) {
    const { middle: [mx, my, mz], centre: [cx, cy], size, rise, bend, radius } = pose;
    const [[rx, ry], [ux, uy, uz], [tx, ty, tz]] = [pose.right, pose.up, pose.toward];
    const [step, half] = [LAYERS / 2 / (DEEP * radius), LAYERS / 2];
    for (let k = 0; k < count; k++) {
        const i = listed ? listed[k] : k;
        const dx = xy[2 * i] - mx;
        const dy = xy[2 * i + 1] - my;
        const dz = (depths[i] - mz) * rise;
        const near = tx * dx + ty * dy + tz * dz;
        const room = 1 - bend * near;
        const grown = size / (room < CLOSEST ? CLOSEST : room);
        seen[2 * i] = cx + grown * (rx * dx + ry * dy);
        seen[2 * i + 1] = cy + grown * (ux * dx + uy * dy + uz * dz);
        const layer = Math.floor(near * step + half);
        layers[k] = layer < 0 ? 0 : layer >= LAYERS ? LAYERS - 1 : layer;
    }
}

/** Sort the listed items by their layers into `order`, each layer in their own order; returns where layers begin. */
export function sortedByLayer(layers, { listed, count }, order) {
    const starts = new Uint32Array(LAYERS + 1);
    for (let k = 0; k < count; k++) starts[layers[k] + 1]++;
    for (let layer = 0; layer < LAYERS; layer++) starts[layer + 1] += starts[layer];
    const next = starts.slice(0, LAYERS);
    for (let k = 0; k < count; k++) order[next[layers[k]]++] = listed ? listed[k] : k;
    return starts;
}

/** The same angle, within half a turn of 0. */
export function unwound(angle) {
    return Math.atan2(Math.sin(angle), Math.cos(angle));
}

/** The lines of a grid on the floor, as [[x, y, z], [x, y, z]]: round numbers, and the edge around them. */
export function floorLines({ low, high, floor }) {
    const longer = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
    const step = roundStep(longer / CELLS);
    const [west, south] = [0, 1].map((axis) => Math.floor(low[axis] / step) * step);
    const [east, north] = [0, 1].map((axis) => Math.ceil(high[axis] / step) * step);
    const ticks = (from, to) => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);
    return [
        ...ticks(west, east).map((x) => [[x, south, floor], [x, north, floor]]),
        ...ticks(south, north).map((y) => [[west, y, floor], [east, y, floor]]),
    ];
}

function roundStep(wanted) {
    const power = 10 ** Math.floor(Math.log10(wanted));
    return power * ROUND.find((step) => step * power >= wanted * (1 - 1e-9));
}
