import { isAbandoned } from "./source.js";

export const TILE_SIDE = 48; // pixels of a picture on a sheet
export const PER_SHEET = 64;
const MOST_FLIGHTS = 2;
const MOST_LOOKS = 1500; // items remembered: 14 MB of pictures
const RESTED = 90; // ms without movement after which sheets are asked for
const SECOND_TRY = 4000; // ms before what failed is asked for again

/** What items look like, pictures or texts: fetched many at a time while the map rests, the least used forgotten. */
export class Album {
    /** `came()` is told of each sheet, `failed(error)` of faults. */
    constructor(came, failed) {
        Object.assign(this, { came, failed });
        this.reader = document.createElement("canvas");
        this.reader.width = this.reader.height = TILE_SIDE;
        this.looking = this.reader.getContext("2d", { willReadFrequently: true });
        this.open(null, "");
    }

    /** Begin anew; `kind` is "pictures" or "snippets". */
    open(source, kind) {
        this.aborter?.abort();
        clearTimeout(this.resting);
        this.aborter = new AbortController();
        Object.assign(this, { source, kind, flights: 0, resting: undefined });
        this.known = new Map();
        this.asked = new Set();
    }

    /** {look, at}: a canvas, a text, or null where an item has none; and since when. Undefined when not yet known. */
    of(item) {
        const found = this.known.get(item);
        if (!found) return undefined;
        this.known.delete(item); // put back at the end: the least used stays in front
        this.known.set(item, found);
        return found;
    }

    /** Ask for these items, unless the map is moving. Returns whether there is reason to come back soon. */
    want(items, now, movedAt) {
        const missing = items.filter((item) => !this.known.has(item) && !this.asked.has(item));
        if (!missing.length || !this.source) return false;
        if (this.resting) return false;
        if (now - movedAt < RESTED) return true;
        for (let start = 0; start < missing.length && this.flights < MOST_FLIGHTS; start += PER_SHEET) {
            this.#fetch(missing.slice(start, start + PER_SHEET));
        }
        return false;
    }

    async #fetch(items) {
        const { source, aborter: { signal } } = this;
        const pictured = this.kind === "pictures";
        this.flights++;
        for (const item of items) this.asked.add(item);
        try {
            const looks = await source[this.kind](items, signal);
            const cut = (look) => (pictured ? this.#cut(look) : look);
            if (!signal.aborted) items.forEach((item, i) => this.#keep(item, cut(looks[i])));
            if (pictured) source.release(looks);
            if (signal.aborted) return;
        } catch (error) {
            if (isAbandoned(error) || signal.aborted) return;
            this.#rest();
            this.failed(error);
        }
        this.flights--;
        for (const item of items) this.asked.delete(item);
        this.came();
    }

    /** Ask for nothing for a while; then the map is painted once, and that asks again. */
    #rest() {
        clearTimeout(this.resting);
        this.resting = setTimeout(() => {
            this.resting = undefined;
            this.came();
        }, SECOND_TRY);
    }

    #keep(item, look) {
        if (this.known.size >= MOST_LOOKS) this.known.delete(this.known.keys().next().value);
        this.known.set(item, { look: look || null, at: performance.now() });
    }

    /** A tile of a sheet as a canvas of its own, or null when nothing is on it. */
    #cut(tile) {
        if (!tile) return null;
        const { image, x, y } = tile;
        const cut = (context) => context.drawImage(image, x, y, TILE_SIDE, TILE_SIDE, 0, 0, TILE_SIDE, TILE_SIDE);
        this.looking.clearRect(0, 0, TILE_SIDE, TILE_SIDE);
        cut(this.looking);
        const { data } = this.looking.getImageData(0, 0, TILE_SIDE, TILE_SIDE);
        let used = false;
        for (let i = 3; i < data.length && !used; i += 4) used = data[i] > 0;
        if (!used) return null;
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = TILE_SIDE;
        cut(canvas.getContext("2d"));
        return canvas;
    }
}
