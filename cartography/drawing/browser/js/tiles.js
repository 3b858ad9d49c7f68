import { clamp, faded } from "./geometry.js";
import { isAbandoned } from "./source.js";

const SIZE = 256;
const SHARPEST_TILES = 2; // device pixels per CSS pixel beyond which finer tiles gain nothing
const AT_ONCE = 4;
const REST = 90; // ms without movement before finer tiles are asked for
const FADE = 160; // ms in which a sharp tile replaces the coarse one
const MOST_KEPT = 320;
const MOST_FAILURES = 3;
const PAUSE = 1500; // ms before a tile that failed is asked for again
const WHOLE = { z: 0, x: 0, y: 0 };
const MIRRORED = 0.18; // share of the square that is mirrored beyond its edges, fading into plain sea

/** Terrain: pictures painted by the server, each a quarter of the one above. Missing ones show their ancestor. */
export class Tiles {
    constructor(world, changed, failed) {
        Object.assign(this, { world, changed, failed });
        this.kept = new Map();
        this.loading = new Map();
        this.failures = new Map();
        this.missing = [];
        this.fading = false;
        this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    }

    /** Paint from another source from now on; old pictures stay in sight until new ones are there. */
    restyle(source, sea) {
        this.source = source;
        this.sea = sea;
        for (const { aborter } of this.loading.values()) aborter.abort();
        this.loading.clear();
        this.failures.clear();
    }

    get sharp() {
        return Boolean(this.source) && this.missing.length === 0;
    }

    /** The pictures of zooms 0 and 1 that are there, the coarsest first. */
    coarse() {
        const places = [WHOLE, ...[0, 1, 2, 3].map((i) => ({ z: 1, x: i & 1, y: i >> 1 }))];
        const found = places.map((place) => ({ ...place, name: nameOf(place), ...this.kept.get(nameOf(place)) }));
        return found.filter(({ picture }) => picture);
    }

    /** `density` pixels per CSS pixel are drawn now, `finest` when the map rests: that decides which are fetched. */
    draw(context, camera, density, finest, now) {
        this.fading = false;
        this.missing = [];
        const level = this.#level(camera, Math.min(finest, SHARPEST_TILES));
        const cells = this.#cells(camera, level);
        if (!this.kept.size) this.missing.push(WHOLE); // one coarse picture at once, under all that follow
        for (const [column, row] of cells) this.#drawCell(context, camera, level, column, row, density, now);
        this.#drawShores(context, camera);
        this.#forget(now);
    }

    /** The zoom whose pictures are about as fine as the screen. */
    #level(camera, density) {
        const across = (this.world.side * camera.scale * density) / SIZE;
        return clamp(Math.round(Math.log2(across)), 0, this.world.deepest);
    }

    /** Columns and rows on screen, the nearest to the middle first; those outside the square are mirrors. */
    #cells(camera, level) {
        const { origin, side } = this.world;
        const count = 2 ** level;
        const { west, east, south, north } = camera.window();
        const [low, high] = [-Math.ceil(MIRRORED * count), count - 1 + Math.ceil(MIRRORED * count)];
        const index = (value, from) => clamp(Math.floor(((value - from) / side) * count), low, high);
        const cells = [];
        for (let row = index(south, origin[1]); row <= index(north, origin[1]); row++) {
            const last = index(east, origin[0]);
            for (let column = index(west, origin[0]); column <= last; column++) cells.push([column, row]);
        }
        const middle = [((camera.x - origin[0]) / side) * count - 0.5, ((camera.y - origin[1]) / side) * count - 0.5];
        const away = ([column, row]) => Math.hypot(column - middle[0], row - middle[1]);
        return cells.sort((a, b) => away(a) - away(b));
    }

    /** Row 0 lies in the south here; the server counts from the north. */
    #drawCell(context, camera, level, column, row, density, now) {
        const count = 2 ** level;
        const [x, flipX] = mirrored(column, count);
        const [fromSouth, flipY] = mirrored(row, count);
        const tile = { z: level, x, y: count - 1 - fromSouth };
        const box = this.#box(camera, count, column, row, density);
        const own = this.#own(tile, now);
        if (!own) this.missing.push(tile);
        const age = own ? now - own.since : 0;
        const opacity = this.calm.matches || !own ? 1 : clamp(age / FADE, 0, 1);
        if (opacity < 1) this.fading = true;
        if (!own || opacity < 1) this.#drawAncestor(context, tile, box, flipX, flipY, now);
        if (own) put(context, own.picture, [0, 0, SIZE, SIZE], box, flipX, flipY, opacity);
    }

    /** Edges fall on whole device pixels, so that neighbours meet without a seam. */
    #box(camera, count, column, row, density) {
        const { origin, side } = this.world;
        const snapped = (value) => Math.round(value * density) / density;
        const left = snapped(camera.screenX(origin[0] + (column * side) / count));
        const right = snapped(camera.screenX(origin[0] + ((column + 1) * side) / count));
        const top = snapped(camera.screenY(origin[1] + ((row + 1) * side) / count));
        const bottom = snapped(camera.screenY(origin[1] + (row * side) / count));
        return [left, top, right - left, bottom - top];
    }

    #own({ z, x, y }, now) {
        const tile = this.kept.get(`${z}/${x}/${y}`);
        if (tile) tile.used = now;
        return tile?.style === this.source?.style ? tile : null;
    }

    #drawAncestor(context, { z, x, y }, box, flipX, flipY, now) {
        for (let up = 0; up <= z; up++) {
            const tile = this.kept.get(`${z - up}/${x >> up}/${y >> up}`);
            if (!tile) continue;
            tile.used = now;
            const part = SIZE / 2 ** up;
            const within = (value) => (value - ((value >> up) << up)) * part;
            put(context, tile.picture, [within(x), within(y), part, part], box, flipX, flipY, 1);
            return;
        }
    }

    /** Let the mirrored sea run out into plain sea, where the sheet ends. */
    #drawShores(context, camera) {
        const { sea } = this;
        const { origin, side } = this.world;
        const reach = MIRRORED * side * camera.scale;
        const [left, top] = [camera.screenX(origin[0]), camera.screenY(origin[1] + side)];
        const [right, bottom] = [camera.screenX(origin[0] + side), camera.screenY(origin[1])];
        const { width, height } = camera;
        if (left > 0) shade(context, sea, [left, 0, left - reach, 0], [0, 0, left, height]);
        if (right < width) shade(context, sea, [right, 0, right + reach, 0], [right, 0, width - right, height]);
        if (top > 0) shade(context, sea, [0, top, 0, top - reach], [0, 0, width, top]);
        if (bottom < height) shade(context, sea, [0, bottom, 0, bottom + reach], [0, bottom, width, height - bottom]);
    }

    /** Ask for what is missing. While the map moves only one at a time: the processor is needed for moving. */
    fetch(now, movedAt) {
        const resting = now - movedAt > REST;
        const wanted = new Set(this.missing.map(nameOf));
        for (const [name, { aborter }] of this.loading) if (!wanted.has(name)) aborter.abort();
        this.places = this.kept.size === 0 || resting ? AT_ONCE : 1;
        this.#fill();
        return resting || !this.missing.length;
    }

    /** Keep as many requests under way as there are places. */
    #fill() {
        for (const tile of this.missing) {
            if (this.loading.size >= this.places) break;
            if (this.#mayTry(nameOf(tile))) this.#load(tile);
        }
    }

    #mayTry(name) {
        const { count, at } = this.failures.get(name) ?? { count: 0, at: 0 };
        const waited = performance.now() - at >= count * PAUSE;
        return !this.loading.has(name) && count < MOST_FAILURES && waited;
    }

    #noteFailure(name, error) {
        const count = (this.failures.get(name)?.count ?? 0) + 1;
        this.failures.set(name, { count, at: performance.now() });
        setTimeout(this.changed, count * PAUSE);
        this.failed(error);
    }

    async #load(tile) {
        const { source } = this;
        const name = nameOf(tile);
        const entry = { aborter: new AbortController() };
        this.loading.set(name, entry);
        try {
            const picture = await source.tile(tile.z, tile.x, tile.y, entry.aborter.signal);
            const now = performance.now();
            this.kept.get(name)?.picture.close();
            this.kept.set(name, { picture, style: source.style, since: now, used: now });
            this.missing = this.missing.filter((other) => nameOf(other) !== name);
        } catch (error) {
            if (!isAbandoned(error)) this.#noteFailure(name, error);
        } finally {
            if (this.loading.get(name) === entry) this.loading.delete(name);
            if (source === this.source) this.#fill(); // at once: drawing this one may take a while
            this.changed();
        }
    }

    /** Give back the pictures not looked at for longest. The coarsest stay: they stand in for all others. */
    #forget(now) {
        if (this.kept.size <= MOST_KEPT) return;
        const old = [...this.kept].filter(([name, tile]) => !/^[012]\//.test(name) && tile.used < now);
        old.sort((a, b) => a[1].used - b[1].used);
        for (const [name, tile] of old.slice(0, this.kept.size - MOST_KEPT + 40)) {
            tile.picture.close();
            this.kept.delete(name);
        }
    }

    close() {
        for (const { aborter } of this.loading.values()) aborter.abort();
        for (const { picture } of this.kept.values()) picture.close();
        this.kept.clear();
    }
}

function nameOf({ z, x, y }) {
    return `${z}/${x}/${y}`;
}

/** The index inside 0..count-1 that an index outside is the mirror of, and whether it is one. */
function mirrored(index, count) {
    if (index < 0) return [clamp(-1 - index, 0, count - 1), true];
    if (index >= count) return [clamp(2 * count - 1 - index, 0, count - 1), true];
    return [index, false];
}

function put(context, picture, [sx, sy, sw, sh], [x, y, width, height], flipX, flipY, opacity) {
    context.globalAlpha = opacity;
    if (flipX || flipY) {
        context.save();
        context.translate(flipX ? 2 * x + width : 0, flipY ? 2 * y + height : 0);
        context.scale(flipX ? -1 : 1, flipY ? -1 : 1);
        context.drawImage(picture, sx, sy, sw, sh, x, y, width, height);
        context.restore();
    } else {
        context.drawImage(picture, sx, sy, sw, sh, x, y, width, height);
    }
    context.globalAlpha = 1;
}

function shade(context, colour, line, box) {
    const gradient = context.createLinearGradient(...line);
    gradient.addColorStop(0, faded(colour, 0));
    gradient.addColorStop(1, colour);
    context.fillStyle = gradient;
    context.fillRect(...box);
}
