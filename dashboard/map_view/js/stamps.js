// The shape of one point in pixels: which are filled, which are rim, and how much of the edge is covered.

const RIM_FROM = 2.2; // device pixels of radius from which a rim of ink fits

/** @returns {{reach, fill: Int8Array, rim: Int8Array, edge: Int8Array, share: Float32Array}} dx, dy by turns */
export function makeStamp(radius) {
    if (radius < 1.3) return square(Math.max(1, Math.round(2 * radius)));
    const [fill, rim, edge, share] = [[], [], [], []];
    const reach = Math.ceil(radius + 0.5);
    const inner = radius < RIM_FROM ? radius : radius - Math.max(1, 0.22 * radius);
    for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
            const covered = radius + 0.5 - Math.hypot(dx, dy);
            if (covered <= 0.05) continue;
            if (covered < 0.95) {
                edge.push(dx, dy);
                share.push(covered);
            } else {
                (Math.hypot(dx, dy) <= inner ? fill : rim).push(dx, dy);
            }
        }
    }
    return packed(reach, fill, rim, edge, share);
}

function square(size) {
    const fill = [];
    const before = size >> 1;
    for (let dy = 0; dy < size; dy++) for (let dx = 0; dx < size; dx++) fill.push(dx - before, dy - before);
    return packed(size, fill, [], [], []);
}

function packed(reach, fill, rim, edge, share) {
    return {
        reach,
        fill: Int8Array.from(fill),
        rim: Int8Array.from(rim),
        edge: Int8Array.from(edge),
        share: Float32Array.from(share),
    };
}

/** Offsets from a point's pixel in a picture `width` pixels wide. */
export function offsetsIn(pairs, width) {
    const offsets = new Int32Array(pairs.length / 2);
    for (let i = 0; i < offsets.length; i++) offsets[i] = pairs[2 * i] + width * pairs[2 * i + 1];
    return offsets;
}
