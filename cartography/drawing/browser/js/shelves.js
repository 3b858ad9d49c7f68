const SHELF = 96; // pixels
const ROWS = 1 << 20; // more than a map has shelves from north to south

/** Boxes [left, top, right, bottom] on square shelves: a new one is compared with its neighbours only. */
export class Shelves {
    /** Nothing fits that leaves the `sheet`. */
    constructor(sheet = [-Infinity, -Infinity, Infinity, Infinity]) {
        this.sheet = sheet;
        this.shelves = new Map();
    }

    fits(boxes) {
        return boxes.every((box) => holdsAll(this.sheet, box) && !this.#some(box, () => true));
    }

    /** How many of the boxes here some given boxes cover. */
    hits(boxes) {
        const met = new Set();
        for (const box of boxes) this.#some(box, (other) => void met.add(other));
        return met.size;
    }

    put(boxes) {
        for (const box of boxes) {
            for (let row = shelfOf(box[1]); row <= shelfOf(box[3]); row++) {
                for (let column = shelfOf(box[0]); column <= shelfOf(box[2]); column++) {
                    const shelf = this.shelves.get(column * ROWS + row);
                    if (shelf) shelf.push(box);
                    else this.shelves.set(column * ROWS + row, [box]);
                }
            }
        }
    }

    /** Whether `says` is true of some box that meets this one. Plain loops: a zoom asks a hundred thousand times. */
    #some(box, says) {
        for (let row = shelfOf(box[1]); row <= shelfOf(box[3]); row++) {
            for (let column = shelfOf(box[0]); column <= shelfOf(box[2]); column++) {
                const shelf = this.shelves.get(column * ROWS + row);
                if (!shelf) continue;
                for (let i = 0; i < shelf.length; i++) if (meet(box, shelf[i]) && says(shelf[i])) return true;
            }
        }
        return false;
    }
}

function shelfOf(pixel) {
    return Math.floor(pixel / SHELF);
}

function meet(a, b) {
    return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}

function holdsAll(a, b) {
    return b[0] >= a[0] && b[1] >= a[1] && b[2] <= a[2] && b[3] <= a[3];
}
