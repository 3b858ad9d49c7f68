import { clamp } from "./geometry.js";
import { Grid } from "./grid.js";
import { holds } from "./lasso.js";

const PER_AREA = 0.022; // items shown per square pixel of the map's box, at home
const GROWTH = 1.3; // less than 2: the picture thins out as one zooms in, and land stays in sight
const MOST_LIT = 60000; // lit items that are drawn wherever they stand in the order
const NOBODY = new Uint32Array(0);

/** What `marks` say of an item. */
export const DIMMED = 0;
export const LIT = 1;
const GONE = 2;

/** The items: where they are, which group each is in, which are switched off, which are lassoed. */
export class Points {
    constructor(count, origin, side) {
        this.count = count;
        this.origin = origin;
        this.side = side;
        this.xy = null;
        this.loaded = 0;
        this.codes = null;
        this.grades = null;
        this.grid = null;
        this.marks = null;
        this.lit = false;
        this.heldCount = 0;
        this.first = NOBODY;
        this.off = new Set();
        this.radius = 1;
    }

    /** A first piece of the coordinates: enough to draw with, not yet sorted. */
    receive(xy, loaded) {
        this.xy = xy;
        this.loaded = loaded;
    }

    complete(xy) {
        this.receive(xy, this.count);
        this.grid = new Grid(xy, this.count, this.origin, this.side);
        this.found = new Uint32Array(this.count);
        this.#sortCodes();
    }

    setCodes(codes) {
        this.codes = codes;
        this.#sortCodes();
    }

    #sortCodes() {
        this.sortedCodes = this.grid && this.codes ? this.grid.sorted(this.codes) : null;
    }

    get ready() {
        return Boolean(this.codes && this.loaded);
    }

    /** How many items are drawn at this view; they are the first so many. */
    shown(camera) {
        return Math.min(this.loaded, this.room(camera));
    }

    /** How many there is room for. */
    room(camera) {
        return Math.ceil(PER_AREA * camera.width * camera.height * camera.zoom ** GROWTH);
    }

    /**
     * Choose the radius of the points, in CSS pixels, for a view with `count` of them: a share of the typical gap
     * on the whole map, less where it is crowded. Panning keeps it, unless the crowd halves or doubles.
     */
    settle(camera, count) {
        const { scale, crowd } = this.settled ?? {};
        if (scale === camera.scale && count < 2 * crowd && count > 0.5 * crowd) return;
        this.settled = { scale: camera.scale, crowd: count };
        const [west, south, east, north] = camera.frame;
        const everywhere = ((east - west) * (north - south) * camera.scale ** 2) / Math.max(1, this.shown(camera));
        const here = (camera.width * camera.height) / Math.max(1, count);
        this.radius = clamp(Math.min(0.15 * Math.sqrt(everywhere), 0.36 * Math.sqrt(here)), 0.75, 6.5);
    }

    /**
     * The items to draw, as coordinates and codes with the places to look at in them, or the first so many
     * where `places` is null. `items` says which item a place belongs to.
     */
    visible(camera, margin) {
        const shown = this.shown(camera);
        const window = camera.window(margin);
        if (!this.sortedCodes || shown < 4 * this.grid.cost(window)) {
            return { xy: this.xy, codes: this.codes, places: null, items: null, count: shown };
        }
        const count = this.grid.gather(window, shown, this.found);
        return { xy: this.grid.xy, codes: this.sortedCodes, places: this.found, items: this.grid.items, count };
    }

    /** Lit items that are not among the first so many: they are drawn too, as many as there is room for. */
    beyond(camera) {
        const shown = this.shown(camera);
        const start = this.first.findIndex((item) => item >= shown);
        const places = start < 0 ? NOBODY : this.first.subarray(start, start + this.room(camera));
        return { xy: this.xy, codes: this.codes, places, items: null, count: places.length };
    }

    /** The item under the pointer, within `reach` CSS pixels, or -1. */
    under(camera, px, py, reach) {
        if (!this.grid || !this.codes) return -1;
        const shown = this.shown(camera);
        const drawn = (i) => i < shown || (this.lit && this.marks[i] === LIT);
        const accepts = (i) => drawn(i) && !this.leftOut(i);
        const radius = reach / camera.scale;
        const limit = this.lit ? this.loaded : shown;
        return this.grid.nearest(camera.mapX(px), camera.mapY(py), radius, limit, accepts);
    }

    /** Whether an item is not drawn at all. */
    leftOut(i) {
        return this.off.has(this.codes[i]) || (this.marks !== null && this.marks[i] === GONE);
    }

    /** Whether an item is drawn, but pale. */
    dims(i) {
        return this.marks !== null && this.marks[i] === DIMMED;
    }

    /**
     * Find which items are lit: those in all of the sets `lights`, and in the lasso. Those not in the set `kept` are
     * left out altogether, and groups that are switched off are never lit. A set is null where there is none.
     */
    hold(steps, lights = [], kept = null) {
        const sets = lights.filter(Boolean);
        this.lit = Boolean(steps.length || sets.length);
        this.marks = null;
        this.heldCount = 0;
        this.first = NOBODY;
        if ((!this.lit && !kept) || !this.grid || !this.codes) return;
        if (steps.length) sets.push(holds(steps, this.xy, this.count));
        this.marks = this.#marked(sets, kept);
        this.#countLit();
    }

    #marked(sets, kept) {
        const { codes, off, count } = this;
        const marks = new Uint8Array(count);
        for (let i = 0; i < count; i++) {
            if (kept !== null && !kept[i]) marks[i] = GONE;
            else if (!off.has(codes[i]) && sets.every((set) => set[i])) marks[i] = LIT;
        }
        return marks;
    }

    #countLit() {
        const first = new Uint32Array(Math.min(this.count, MOST_LIT));
        for (let i = 0; i < this.count; i++) {
            if (this.marks[i] !== LIT) continue;
            if (this.heldCount < first.length) first[this.heldCount] = i;
            this.heldCount++;
        }
        this.first = this.lit ? first.subarray(0, this.heldCount) : NOBODY;
    }
}
