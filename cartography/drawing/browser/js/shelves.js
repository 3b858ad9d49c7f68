const SHELF = 96; // pixels

/** Boxes [left, top, right, bottom] on square shelves: a new one is compared with its neighbours only. */
export class Shelves {
    /** Nothing fits that leaves the `sheet`. */
    constructor(sheet = [-Infinity, -Infinity, Infinity, Infinity]) {
        this.sheet = sheet;
        this.shelves = new Map();
    }

    fits(boxes) {
        return boxes.every((box) => holdsAll(this.sheet, box) && !this.#near(box).some((other) => meet(box, other)));
    }

    /** How many of the boxes here some given boxes cover. */
    hits(boxes) {
        return new Set(boxes.flatMap((box) => this.#near(box).filter((other) => meet(box, other)))).size;
    }

    put(boxes) {
        for (const box of boxes) {
            for (const key of keysOf(box)) {
                if (!this.shelves.has(key)) this.shelves.set(key, []);
                this.shelves.get(key).push(box);
            }
        }
    }

    #near(box) {
        return keysOf(box).flatMap((key) => this.shelves.get(key) ?? []);
    }
}

function keysOf([left, top, right, bottom]) {
    const keys = [];
    for (let row = Math.floor(top / SHELF); row <= Math.floor(bottom / SHELF); row++) {
        for (let column = Math.floor(left / SHELF); column <= Math.floor(right / SHELF); column++) {
            keys.push(column * 65536 + row);
        }
    }
    return keys;
}

function meet(a, b) {
    return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
}

function holdsAll(a, b) {
    return b[0] >= a[0] && b[1] >= a[1] && b[2] <= a[2] && b[3] <= a[3];
}
