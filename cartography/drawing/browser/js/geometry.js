// Small arithmetic that several rooms need.

export function clamp(value, low, high) {
    return value < low ? low : value > high ? high : value;
}

/** 0 below `low`, 1 above `high`, smooth in between. */
export function smoothStep(value, low, high) {
    const t = clamp((value - low) / (high - low), 0, 1);
    return t * t * (3 - 2 * t);
}

/** "#rrggbb" as the 32-bit number that a little-endian `ImageData` holds; alpha 0..255. */
export function pixelOf(hex, alpha) {
    const rgb = parseInt(hex.slice(1, 7), 16) || 0;
    return ((alpha << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}

/** The colour a share of the way from one "#rrggbb" to another. */
export function mixedHex(from, to, share) {
    const [a, b] = [from, to].map((hex) => parseInt(hex.slice(1, 7), 16) || 0);
    const part = (shift) => Math.round(((a >>> shift) & 255) * (1 - share) + ((b >>> shift) & 255) * share);
    return `#${((part(16) << 16) | (part(8) << 8) | part(0)).toString(16).padStart(6, "0")}`;
}

/** `hex` with a share of its brightness, as "#rrggbb". */
export function shaded(hex, share) {
    return mixedHex("#000000", hex, share);
}

/** `hex` with an opacity, as CSS writes it. */
export function faded(hex, opacity) {
    return `${hex}${Math.round(clamp(opacity, 0, 1) * 255).toString(16).padStart(2, "0")}`;
}

/** A count as people read it: 1,000,000. */
export function counted(number) {
    return number.toLocaleString("en-US");
}

/** A place on the map with as many digits as matter. */
export function rounded({ x, y, zoom }) {
    return { x: Number(x.toPrecision(7)), y: Number(y.toPrecision(7)), zoom: Number(zoom.toPrecision(5)) };
}

/** `text` with at most `most` characters. */
export function shortened(text, most) {
    const characters = [...text];
    return characters.length > most ? `${characters.slice(0, most - 1).join("").trimEnd()}…` : text;
}
