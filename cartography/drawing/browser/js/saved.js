import { PER_SHEET, TILE_SIDE } from "./album.js";
import { PER_ROW } from "./source.js";

const MOST_LISTED = 40;

/** Where an offline map gets its data from: the page itself. It answers as `ServerSource` does. */
export class SavedSource {
    constructor(saved) {
        this.saved = saved;
        this.style = saved.facts.keys.style;
        this.sheets = [];
    }

    async points(count, arrived) {
        const array = new Float32Array(bytesOf(this.saved.points));
        arrived(array, count);
        return array;
    }

    async codes(wide) {
        const buffer = bytesOf(this.saved.codes);
        return wide ? new Uint16Array(buffer) : new Uint8Array(buffer);
    }

    async grades() {
        return new Uint8Array(bytesOf(this.saved.grades));
    }

    async names() {
        return this.saved.names;
    }

    async tile(z, x, y) {
        return pictureOf(this.saved.tiles[`${z}/${x}/${y}`]);
    }

    async fog() {
        return pictureOf(this.saved.fog);
    }

    async card(item) {
        const [title, ...texts] = this.saved.cards[item] ?? [`Item ${item + 1}`];
        const image = await this.#picture(item);
        return { title, fields: texts.map((text, i) => [this.saved.fields[i], text]), image };
    }

    async pictures(items) {
        return Promise.all(items.map((item) => this.#tile(item)));
    }

    /** Sheets are shared by all pictures, and stay. */
    release() {}

    async snippets(items) {
        return items.map((item) => this.saved.looks.snippets[item] ?? "");
    }

    /** Where the picture of an item lies on its sheet; null when it was left out. */
    async #tile(item) {
        const { pictured, sheets } = this.saved.looks;
        this.spots ??= new Map(pictured.map((one, spot) => [one, spot]));
        const spot = this.spots.get(item);
        if (spot === undefined) return null;
        const [number, place] = [Math.floor(spot / PER_SHEET), spot % PER_SHEET];
        this.sheets[number] ??= createImageBitmap(new Blob([bytesOf(sheets[number])], { type: "image/webp" }));
        const [x, y] = [place % PER_ROW, Math.floor(place / PER_ROW)].map((steps) => steps * TILE_SIDE);
        return { image: await this.sheets[number], x, y };
    }

    /** The picture of an item as a data URL. */
    async #picture(item) {
        const tile = await this.#tile(item);
        if (!tile) return "";
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = TILE_SIDE;
        const context = canvas.getContext("2d");
        context.drawImage(tile.image, tile.x, tile.y, TILE_SIDE, TILE_SIDE, 0, 0, TILE_SIDE, TILE_SIDE);
        return canvas.toDataURL("image/png");
    }

    /** Items whose cards hold the words, wherever; a page by itself knows no columns. */
    async search({ text }) {
        this.words ??= this.saved.cards.map((card) => card.join("\n").toLowerCase());
        const asked = text.toLowerCase();
        const bits = new Uint8Array(Math.ceil(this.saved.facts.count / 8));
        const items = this.words.flatMap((words, item) => (words.includes(asked) ? [item] : []));
        for (const item of items) bits[item >> 3] |= 128 >> (item & 7);
        const rank = (item) => (this.words[item].startsWith(asked) ? 0 : 1);
        const first = items.map((item) => [rank(item), item]).sort(([a], [b]) => a - b).slice(0, MOST_LISTED);
        this.found = { key: `saved-${text}`, bits };
        return {
            key: this.found.key,
            count: items.length,
            first: first.map(([, item]) => ({ item, name: this.saved.cards[item][0], said: "" })),
        };
    }

    async set(key) {
        if (this.found?.key !== key) throw new Error("This was searched for too long ago.");
        return this.found.bits;
    }

    async neighbours(item) {
        const { reach, nearest } = this.saved;
        this.near ??= new Int32Array(bytesOf(nearest));
        return { items: [...this.near.subarray(reach * item, reach * (item + 1))] };
    }
}

function bytesOf(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

function pictureOf(text) {
    return createImageBitmap(new Blob([bytesOf(text)], { type: "image/webp" }));
}
