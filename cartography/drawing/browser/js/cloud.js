import { radiusFor } from "./points.js";
import { LAYERS, lieOf, placeAll, placeIn, sortedByLayer } from "./turntable.js";

const LAYER_SIZES = [0.8, 1, 1.2, 1.45, 1.75]; // of points, from the farthest layer to the nearest
const LAYER_SOLIDITY = [0.42, 0.55, 0.7, 0.86, 1];
const NONE_BEYOND = { places: new Uint32Array(0), count: 0 };

/**
 * The items in three dimensions. Splat and Marks draw them as they draw `Points`, a layer of depth at a time. Where
 * they are seen is told in map units, so that the camera moves and zooms as on the map.
 */
export class Cloud {
    constructor(points, depths) {
        Object.assign(this, { points, depths, posed: "", settled: null, thinned: false });
        this.lie = lieOf(points.xy, depths, points.count);
        this.xy = new Float32Array(2 * points.count);
        this.order = new Uint32Array(points.count);
        this.kinds = new Uint8Array(points.count);
        this.starts = new Uint32Array(LAYERS + 1);
        this.layers = LAYER_SIZES.map((_, index) => new Layer(this, index));
        this.radius = points.radius;
    }

    get codes() {
        return this.points.codes;
    }

    get marks() {
        return this.points.marks;
    }

    get grid() {
        return this.points.grid;
    }

    /** Places on the map have no spot on the screen here. */
    get deep() {
        return true;
    }

    /** Where an item is seen, in map units, and how near it is. */
    at(item) {
        const { xy } = this.points;
        return placeIn(this.pose, xy[2 * item], xy[2 * item + 1], this.depths[item]);
    }

    /** Place the items as a pose shows them, unless they are; `most` of them while they move. */
    look(pose, camera, most) {
        const { points, depths } = this;
        const all = points.shown(camera);
        const count = Math.min(all, most);
        this.thinned = count < all;
        const beyond = points.lit && !this.thinned ? points.beyond(camera) : NONE_BEYOND;
        const posed = JSON.stringify([pose, count, beyond.count]);
        if (posed === this.posed && points.first === this.first) return;
        Object.assign(this, { pose, posed, first: points.first });
        const listed = listOf(count, beyond);
        placeAll(pose, { xy: points.xy, depths }, listed, this.xy, this.kinds);
        this.starts = sortedByLayer(this.kinds, listed, this.order);
        if (!this.thinned) this.#settle(camera, all, this.#inSight(camera, listed.count));
    }

    /** Choose the radius of the points, as on the map: turning keeps it, unless the crowd halves or doubles. */
    #settle(camera, all, crowd) {
        const { scale, count } = this.settled ?? {};
        if (scale === camera.scale && crowd < 2 * count && crowd > 0.5 * count) return;
        this.settled = { scale: camera.scale, count: crowd };
        this.radius = radiusFor(camera, all, crowd);
    }

    /** About how many of the items placed are on the screen. */
    #inSight(camera, count) {
        const { west, east, south, north } = camera.window();
        const step = Math.max(1, Math.floor(count / 5000));
        let seen = 0;
        for (let k = 0; k < count; k += step) {
            const [u, v] = [this.xy[2 * this.order[k]], this.xy[2 * this.order[k] + 1]];
            if (u > west && u < east && v > south && v < north) seen += step;
        }
        return seen;
    }

    /** The item on top under a pixel; where none is, the nearest one within `reach` CSS pixels; or -1. */
    under(camera, px, py, reach) {
        if (this.pose.rise < 1) return -1; // nobody can point at what moves
        const { points, order, xy, starts } = this;
        const [u, v] = [camera.mapX(px), camera.mapY(py)];
        let [best, least] = [-1, (reach / camera.scale) ** 2];
        for (let index = LAYERS - 1; index >= 0; index--) {
            const covered = (this.layers[index].radius / camera.scale) ** 2;
            for (let k = starts[index + 1] - 1; k >= starts[index]; k--) {
                const i = order[k];
                const squared = (xy[2 * i] - u) ** 2 + (xy[2 * i + 1] - v) ** 2;
                if (squared > least || points.leftOut(i)) continue;
                if (squared <= covered) return i;
                [best, least] = [i, squared];
            }
        }
        return best;
    }
}

/** The first so many items, and those beyond. */
function listOf(count, beyond) {
    if (!beyond.count) return { listed: null, count };
    const listed = new Uint32Array(count + beyond.count);
    for (let i = 0; i < count; i++) listed[i] = i;
    listed.set(beyond.places, count);
    return { listed, count: listed.length };
}

/** Items that are about as near, drawn as `Points` are. On the map all layers look alike. */
class Layer {
    constructor(cloud, index) {
        Object.assign(this, { cloud, index });
    }

    get radius() {
        return this.cloud.radius * this.#raised(LAYER_SIZES);
    }

    get solidity() {
        return this.#raised(LAYER_SOLIDITY);
    }

    #raised(table) {
        return 1 + (table[this.index] - 1) * this.cloud.pose.rise;
    }

    get marks() {
        return this.cloud.marks;
    }

    get grades() {
        return this.cloud.points.grades;
    }

    get lit() {
        return false; // those beyond are among the items of the layers
    }

    settle() {}

    visible() {
        const { xy, codes, order, starts } = this.cloud;
        const places = order.subarray(starts[this.index], starts[this.index + 1]);
        return { xy, codes, places, items: null, count: places.length };
    }
}
