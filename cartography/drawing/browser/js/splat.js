import { mixedHex, pixelOf, shaded } from "./geometry.js";
import { DIMMED, LIT } from "./points.js";
import { makeStamp, TONES } from "./stamps.js";

const SOLID = 235;
const DIM = 64; // items that are not lit: about a quarter of the ink, never gone
const SHARPEST = 2; // device pixels per CSS pixel beyond which points gain nothing
const SPARE = 20; // pixels around the picture, so that points slide out of sight instead of vanishing

/** Draws points by writing pixels: fifty times faster than a path for each, whatever the machine. */
export class Splat {
    constructor() {
        this.sheets = new Map();
    }

    /** Colours of the codes in every tone from fill to rim, solid and dimmed. Codes that are `off` get none. */
    setColours(colours, off, { dark, halo }) {
        const inked = (hex, share) => mixedHex(hex, shaded(hex, dark ? 0.3 : 0.42), share);
        const pixel = (hex, tone, alpha) => pixelOf(inked(hex, tone / (TONES - 1)), alpha);
        const table = (alpha, tone) =>
            Uint32Array.from(colours, (hex, code) => (off.has(code) ? 0 : pixel(hex, tone, alpha)));
        const tones = (alpha) => Array.from({ length: TONES }, (_, tone) => table(alpha, tone));
        this.solid = { tones: tones(SOLID), glow: pixelOf(halo, 190) };
        this.dim = { tones: tones(DIM), glow: 0 };
    }

    /** How large items of each grade are, in radii; null where all are alike. */
    setSizes(sizes) {
        this.factors = sizes?.grades ?? null;
    }

    /** Draw the visible points onto `target`, a context in CSS pixels. Returns how many were in reach. */
    draw(target, points, camera, density) {
        const perPixel = Math.min(density, SHARPEST);
        this.#takeSheet(perPixel, camera);
        const visible = points.visible(camera, SPARE / 2);
        points.settle(camera, visible.count);
        const stamp = this.#stampsOf(points, perPixel);
        this.pixels.fill(0);
        const view = transform(camera, perPixel);
        if (points.marks) {
            this.#stampAll(visible, view, stamp, this.dim, points.marks, DIMMED);
            this.#stampAll(visible, view, stamp, this.solid, points.marks, LIT);
            if (points.lit) this.#stampAll(points.beyond(camera), view, stamp, this.solid, null, LIT);
        } else {
            this.#stampAll(visible, view, stamp, this.solid, null, LIT);
        }
        this.context.putImageData(this.picture, 0, 0);
        const { width, height } = this.picture;
        target.drawImage(this.canvas, -SPARE / perPixel, -SPARE / perPixel, width / perPixel, height / perPixel);
        return visible.count;
    }

    /** A picture and its canvas for each sharpness; they change too often while the map moves to be made anew. */
    #takeSheet(perPixel, camera) {
        const width = Math.round(camera.width * perPixel) + 2 * SPARE;
        const height = Math.round(camera.height * perPixel) + 2 * SPARE;
        const sheet = this.sheets.get(perPixel);
        const fits = sheet?.picture.width === width && sheet.picture.height === height;
        if (!fits) this.sheets.set(perPixel, makeSheet(width, height));
        Object.assign(this, this.sheets.get(perPixel));
    }

    /** Stamps come in quarters of a pixel, so that a slow zoom makes few of them. */
    #stampOf(radius) {
        const size = Math.max(2, Math.round(radius * 4)) / 4;
        if (!this.stamps.has(size)) this.stamps.set(size, makeStamp(size, this.picture.width));
        return this.stamps.get(size);
    }

    /** The stamp of all items, and where they differ in size also one of each grade. */
    #stampsOf({ radius, grades }, perPixel) {
        const usual = this.#stampOf(radius * perPixel);
        if (!grades || !this.factors) return { usual, grades: null, graded: null };
        return { usual, grades, graded: this.factors.map((factor) => this.#stampOf(factor * radius * perPixel)) };
    }

    /** Stamp all items, or where `marks` are given those with the mark that is wanted. */
    #stampAll({ xy, codes, places, items, count }, { scale, right, down }, stamps, inks, marks, wanted) {
        const { width, height } = this.picture;
        const { pixels } = this;
        const { grades, graded } = stamps;
        const fill = inks.tones[0];
        let stamp = stamps.usual;
        let { reach, plain } = stamp;
        let square = stamp.tones[0];
        for (let k = 0; k < count; k++) {
            const i = places ? places[k] : k;
            if (marks && marks[items ? items[i] : i] !== wanted) continue;
            const code = codes[i];
            const colour = fill[code];
            if (colour === 0) continue;
            if (grades) {
                stamp = graded[grades[items ? items[i] : i]];
                ({ reach, plain } = stamp);
                square = stamp.tones[0];
            }
            const x = Math.floor(xy[2 * i] * scale + right);
            const y = Math.floor(down - xy[2 * i + 1] * scale);
            if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
            const at = x + width * y;
            if (!plain) press(pixels, at, stamp, inks, code);
            else for (let j = 0; j < square.length; j++) pixels[at + square[j]] = colour;
        }
    }
}

function makeSheet(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const picture = context.createImageData(width, height);
    return { canvas, context, picture, pixels: new Uint32Array(picture.data.buffer), stamps: new Map() };
}

/** One point with its glow, fill, rim and soft edge. */
function press(pixels, at, stamp, inks, code) {
    const { tones, edge, edgeShare, edgeTone, glow, glowShare } = stamp;
    if (inks.glow) for (let j = 0; j < glow.length; j++) cover(pixels, at + glow[j], inks.glow, glowShare[j]);
    for (let tone = 0; tone < stamp.used; tone++) {
        const offsets = tones[tone];
        const colour = inks.tones[tone][code];
        for (let j = 0; j < offsets.length; j++) pixels[at + offsets[j]] = colour;
    }
    const rim = inks.tones[edgeTone][code];
    const around = edgeTone > 0 ? cover : thinly;
    for (let j = 0; j < edge.length; j++) around(pixels, at + edge[j], rim, edgeShare[j]);
}

/** The soft edge of a small point, on empty ground only: over other points nobody would see it. */
function thinly(pixels, at, colour, share) {
    if (pixels[at] === 0) pixels[at] = (((((colour >>> 24) * share) >>> 8) << 24) | (colour & 0xffffff)) >>> 0;
}

/** From map units to pixels of the picture. */
function transform(camera, perPixel) {
    const scale = camera.scale * perPixel;
    const right = (camera.width / 2) * perPixel - camera.x * scale + SPARE;
    const down = (camera.height / 2) * perPixel + camera.y * scale + SPARE;
    return { scale, right, down };
}

/** Lay a colour over a share (of 256) of a pixel, two channels at a time; the stronger alpha stays. */
function cover(pixels, at, over, share) {
    const under = pixels[at];
    const alpha = ((over >>> 24) * share) >>> 8;
    if (under === 0) {
        pixels[at] = ((alpha << 24) | (over & 0xffffff)) >>> 0;
        return;
    }
    const rest = 256 - share;
    const redBlue = ((under & 0xff00ff) * rest + (over & 0xff00ff) * share) >>> 8;
    const green = ((under & 0xff00) * rest + (over & 0xff00) * share) >>> 8;
    const strongest = Math.max(under >>> 24, alpha);
    pixels[at] = ((strongest << 24) | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0;
}
