const MOST_SETS = 12;

/** Sets of items by their keys, one byte an item; each is fetched once. */
export class Sets {
    constructor() {
        this.known = new Map();
    }

    /** Other items, or another server's source. */
    setSource(source, count) {
        Object.assign(this, { source, count });
        this.known.clear();
    }

    /** The set if it is here, null for no key; undefined while it is not here. */
    at(key) {
        return key ? this.known.get(key) : null;
    }

    /** Fetch those of these sets that are not here. */
    async fetch(keys) {
        const missing = [...new Set(keys)].filter((key) => key && !this.known.has(key));
        const { source, count } = this;
        await Promise.all(missing.map(async (key) => this.#keep(key, unpacked(await source.set(key), count), source)));
    }

    #keep(key, set, source) {
        if (source !== this.source) return;
        this.known.set(key, set);
        if (this.known.size > MOST_SETS) this.known.delete(this.known.keys().next().value);
    }
}

/** One byte an item from one bit an item, the highest bit first. */
function unpacked(bits, count) {
    const set = new Uint8Array(count);
    for (let i = 0; i < count; i++) set[i] = (bits[i >> 3] >> (7 - (i & 7))) & 1;
    return set;
}
