import { clamp } from "./geometry.js";
import { Grid } from "./grid.js";
import { holds } from "./lasso.js";

const PER_AREA = 0.022; // items shown per square pixel of the map's box, at home
const GROWTH = 1.3; // less than 2: the picture thins out as one zooms in, and land stays in sight

/** The items: where they are, which group each is in, which are switched off, which are lassoed. */
export class Points {
    constructor(count, origin, side) {
        this.count = count;
        this.origin = origin;
        this.side = side;
        this.xy = null;
        this.loaded = 0;
        this.codes = null;
        this.grid = null;
        this.held = null;
        this.heldCount = 0;
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

    /** The item under the pointer, within `reach` CSS pixels, or -1. */
    under(camera, px, py, reach) {
        if (!this.grid || !this.codes) return -1;
        const accepts = (i) => !this.off.has(this.codes[i]);
        const radius = reach / camera.scale;
        return this.grid.nearest(camera.mapX(px), camera.mapY(py), radius, this.shown(camera), accepts);
    }

    /** Recompute which items the lasso holds; groups that are switched off are never held. */
    hold(steps) {
        this.held = null;
        this.heldCount = 0;
        if (!steps.length || !this.grid || !this.codes) return;
        this.held = holds(steps, this.xy, this.count);
        for (let i = 0; i < this.count; i++) {
            if (this.held[i] && this.off.has(this.codes[i])) this.held[i] = 0;
            this.heldCount += this.held[i];
        }
    }
}
