import { clamp } from "./geometry.js";

// The shape of one point in pixels. A pixel inside has a tone, from the fill to the rim of ink; one on the
// edge is covered in part; around large points lies a pale glow that lifts them off dark ground.

export const TONES = 4;
const EDGED_FROM = 2.1; // device pixels of radius from which the edge is dark
const RIM_FROM = 2.2; // from which a rim of ink begins to fit
const GLOW_FROM = 3.4;
const GLOW = 1.3; // width of the glow

/** The stamp of a radius, all places as offsets in a picture `width` pixels wide. */
export function makeStamp(radius, width) {
    if (radius < 1.3) return square(2, width);
    const stamp = { ...blank(), reach: Math.ceil(radius + GLOW + 1), edgeTone: radius < EDGED_FROM ? 0 : TONES - 1 };
    const rim = clamp(0.8 * (radius - RIM_FROM), 0, Math.max(1.1, 0.2 * radius));
    for (let dy = -stamp.reach; dy <= stamp.reach; dy++) {
        for (let dx = -stamp.reach; dx <= stamp.reach; dx++) {
            sort(stamp, dx + width * dy, Math.hypot(dx, dy), radius, rim);
        }
    }
    return packed(stamp);
}

function sort({ tones, edge, glow }, offset, distance, radius, rim) {
    const covered = radius + 0.5 - distance;
    if (covered >= 0.95) {
        const ink = rim ? clamp(distance - (radius - rim) + 0.5, 0, 1) : 0;
        tones[Math.round(ink * (TONES - 1))].push(offset);
    } else if (covered > 0.05) {
        edge.push({ offset, share: covered });
    } else if (radius >= GLOW_FROM && covered > -GLOW) {
        glow.push({ offset, share: 0.5 * (1 + covered / GLOW) });
    }
}

function square(size, width) {
    const stamp = { ...blank(), reach: size };
    const before = size >> 1;
    for (let at = 0; at < size * size; at++) {
        stamp.tones[0].push((at % size) - before + width * (Math.floor(at / size) - before));
    }
    return packed(stamp);
}

function blank() {
    return { tones: Array.from({ length: TONES }, () => []), edge: [], glow: [], edgeTone: 0 };
}

function packed({ reach, tones, edge, glow, edgeTone }) {
    const shares = (list) => Uint16Array.from(list, ({ share }) => Math.round(256 * share));
    const offsets = (list) => Int32Array.from(list, ({ offset }) => offset);
    return {
        reach,
        tones: tones.map((list) => Int32Array.from(list)),
        edgeTone,
        edge: offsets(edge),
        edgeShare: shares(edge),
        glow: offsets(glow),
        glowShare: shares(glow),
        used: tones.findLastIndex((list) => list.length) + 1,
        plain: edge.length === 0,
    };
}
