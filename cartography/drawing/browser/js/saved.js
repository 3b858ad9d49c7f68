/** Where an offline map gets its data from: the page itself. It answers as `ServerSource` does. */
export class SavedSource {
    constructor(saved) {
        this.saved = saved;
        this.style = saved.facts.keys.style;
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
        return { title, fields: texts.map((text, i) => [this.saved.fields[i], text]), image: "" };
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
