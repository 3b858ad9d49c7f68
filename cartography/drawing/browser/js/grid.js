import { clamp } from "./geometry.js";

/**
 * Points sorted into the cells of a square, by counting. Within a cell they keep their order, most worth
 * drawing first, so that whoever wants a prefix of all points can leave a cell early. The coordinates are
 * copied in this order: what is drawn together lies together in memory, which is three times faster.
 */
export class Grid {
    constructor(xy, count, [west, south], side, cells = 512) {
        Object.assign(this, { cells, west, south });
        this.perUnit = cells / side;
        const cell = new Uint32Array(count);
        this.starts = new Uint32Array(cells * cells + 1);
        for (let i = 0; i < count; i++) {
            cell[i] = this.#column(xy[2 * i]) + cells * this.#row(xy[2 * i + 1]);
            this.starts[cell[i] + 1]++;
        }
        for (let j = 0; j < cells * cells; j++) this.starts[j + 1] += this.starts[j];
        this.items = new Uint32Array(count);
        const next = this.starts.slice(0, cells * cells);
        this.xy = new Float32Array(2 * count);
        for (let i = 0; i < count; i++) {
            const place = next[cell[i]]++;
            this.items[place] = i;
            this.xy[2 * place] = xy[2 * i];
            this.xy[2 * place + 1] = xy[2 * i + 1];
        }
    }

    /** The same values, which are in the order of the items, in the order of the cells. */
    sorted(values) {
        return values.map((_, place) => values[this.items[place]]);
    }

    #column(x) {
        return clamp(Math.floor((x - this.west) * this.perUnit), 0, this.cells - 1);
    }

    #row(y) {
        return clamp(Math.floor((y - this.south) * this.perUnit), 0, this.cells - 1);
    }

    /** How many cells a window touches: what looking through it costs at least. */
    cost({ west, east, south, north }) {
        return (this.#column(east) - this.#column(west) + 1) * (this.#row(north) - this.#row(south) + 1);
    }

    /** How many items lie in the cells that a window touches. */
    crowd({ west, east, south, north }) {
        const [first, last] = [this.#column(west), this.#column(east)];
        let count = 0;
        for (let row = this.#row(south); row <= this.#row(north); row++) {
            const start = row * this.cells;
            count += this.starts[start + last + 1] - this.starts[start + first];
        }
        return count;
    }

    /** Write the places of items below `limit` in the cells of a window into `found`; returns how many there are. */
    gather({ west, east, south, north }, limit, found) {
        const { cells, starts, items } = this;
        const [first, last] = [this.#column(west), this.#column(east)];
        let count = 0;
        for (let row = this.#row(south); row <= this.#row(north); row++) {
            for (let j = row * cells + first; j <= row * cells + last; j++) {
                for (let k = starts[j]; k < starts[j + 1] && items[k] < limit; k++) found[count++] = k;
            }
        }
        return count;
    }

    /** The item below `limit` nearest to (x, y) and not farther than `radius`, or -1. */
    nearest(x, y, radius, limit, accepts) {
        const { cells, starts, items, xy } = this;
        const [first, last] = [this.#column(x - radius), this.#column(x + radius)];
        let best = -1;
        let least = radius * radius;
        for (let row = this.#row(y - radius); row <= this.#row(y + radius); row++) {
            for (let j = row * cells + first; j <= row * cells + last; j++) {
                for (let k = starts[j]; k < starts[j + 1] && items[k] < limit; k++) {
                    const squared = (xy[2 * k] - x) ** 2 + (xy[2 * k + 1] - y) ** 2;
                    if (squared <= least && accepts(items[k])) [best, least] = [items[k], squared];
                }
            }
        }
        return best;
    }
}
