export const PER_ROW = 8; // pictures side by side on a sheet

/** The world behind a token is not served any more. */
export class Lost extends Error {}

/**
 * Where the map gets its data from: the routes beside the page. The offline map has another source with
 * the same methods and no server.
 */
export class ServerSource {
    constructor(base, style) {
        this.base = new URL(base, document.baseURI);
        this.style = style;
    }

    /** All coordinates, x and y by turns. `arrived(array, items)` is told of each piece on the way. */
    async points(count, arrived, signal) {
        const response = await this.#get("points", signal);
        const array = new Float32Array(2 * count);
        const bytes = new Uint8Array(array.buffer);
        let filled = 0;
        for await (const piece of pieces(response.body)) {
            bytes.set(piece.subarray(0, bytes.length - filled), filled);
            filled += piece.length;
            arrived(array, Math.min(count, filled >> 3));
        }
        if (filled !== bytes.length) throw new Error(`The points are cut short: ${filled} of ${bytes.length} bytes.`);
        return array;
    }

    /** One colour code per item, in the order of the points. */
    async codes(wide, signal) {
        const buffer = await (await this.#get("codes", signal)).arrayBuffer();
        return wide ? new Uint16Array(buffer) : new Uint8Array(buffer);
    }

    /** One grade of size per item, in the same order. */
    async grades(signal) {
        return new Uint8Array(await (await this.#get("grades", signal)).arrayBuffer());
    }

    /** Realms, towns, legend and colours. */
    async names(signal) {
        return (await this.#get("names", signal)).json();
    }

    async tile(z, x, y, signal) {
        const response = await this.#get(`tiles/${this.style}/${z}/${x}/${y}`, signal);
        return createImageBitmap(await response.blob());
    }

    /** The picture of the fog that `key` names, over the whole square. */
    async fog(key, signal) {
        return createImageBitmap(await (await this.#get(`fog/${key}`, signal)).blob());
    }

    /** What the hover card of an item says: {title, fields: [[name, text]], image}. */
    async card(item, signal) {
        return (await this.#get(`item/${item}`, signal)).json();
    }

    /** {items, distances} of the nearest items in the original space. */
    async neighbours(item, signal) {
        return (await this.#get(`neighbours/${item}`, signal)).json();
    }

    /** The set of items that `key` names, one bit an item, the highest bit first. */
    async set(key, signal) {
        return new Uint8Array(await (await this.#get(`sets/${key}`, signal)).arrayBuffer());
    }

    /**
     * Search for {text, columns, regex}: {key, count, problem, first}, the key of the set found, how many it holds,
     * why it could not be searched, and the first items as {item, name, said}.
     */
    async search({ text, columns, regex }, signal) {
        const asked = new URLSearchParams([["text", text], ...columns.map((name) => ["column", name])]);
        if (regex) asked.set("regex", "1");
        return (await this.#get(`search?${asked}`, signal)).json();
    }

    /** For each item {image, x, y}: where its picture begins on a sheet. */
    async pictures(items, signal) {
        const response = await this.#get(`pictures/${items.join(",")}`, signal);
        const image = await createImageBitmap(await response.blob());
        const side = image.width / Math.min(items.length, PER_ROW);
        return items.map((_, i) => ({ image, x: side * (i % PER_ROW), y: side * Math.floor(i / PER_ROW) }));
    }

    /** Nobody needs the sheet of these pictures any more. */
    release([first]) {
        first?.image.close();
    }

    /** For each item what its text begins with; "" when it has none. */
    async snippets(items, signal) {
        return (await (await this.#get(`snippets/${items.join(",")}`, signal)).json()).texts;
    }

    async #get(path, signal) {
        const response = await fetch(new URL(path, this.base), { signal });
        if (response.status === 404) throw new Lost(await response.text());
        if (!response.ok) throw new Error(await response.text());
        return response;
    }
}

/** The chunks of a stream; not every browser can iterate over one. */
async function* pieces(stream) {
    const reader = stream.getReader();
    for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
    }
}

/** Whether a request failed only because nobody wanted its answer any more. */
export function isAbandoned(error) {
    return error?.name === "AbortError";
}
