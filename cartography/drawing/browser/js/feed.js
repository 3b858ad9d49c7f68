import { isAbandoned } from "./source.js";

const BETWEEN = 240; // ms between two questions: about four frames a second
const SLOWER = 1.3; // each time there is nothing new
const LONGEST = 1000;
const HEAD = 24; // bytes before the items

/** Asks for the newest frame of a layout again and again, and passes on each that is new. */
export class Feed {
    constructor(base, came) {
        this.base = new URL(base, document.baseURI);
        this.came = came;
        this.number = 0;
        this.pause = BETWEEN;
        this.aborter = new AbortController();
        this.#ask();
    }

    stop() {
        this.aborter.abort();
        clearTimeout(this.timer);
    }

    async #ask() {
        const { signal } = this.aborter;
        try {
            const response = await fetch(new URL(String(this.number), this.base), { signal });
            if (response.status === 404) return; // the layout is gone
            const frame = response.status === 200 ? frameOf(await response.arrayBuffer()) : null;
            this.pause = frame ? BETWEEN : Math.min(LONGEST, this.pause * SLOWER);
            this.number = frame?.number ?? this.number;
            if (frame) this.came(frame);
        } catch (error) {
            if (isAbandoned(error)) return;
            this.pause = LONGEST;
        }
        if (!signal.aborted) this.timer = setTimeout(() => this.#ask(), this.pause);
    }
}

/** A frame as the server writes it: items from 0 to 65535 between `bounds` (west, south, east, north). */
function frameOf(buffer) {
    const [number, count] = new Uint32Array(buffer, 0, 2);
    const bounds = new Float32Array(buffer, 8, 4);
    const steps = new Uint16Array(buffer, HEAD, 2 * count);
    const said = new TextDecoder().decode(new Uint8Array(buffer, HEAD + 4 * count));
    return { number, count, bounds, steps, said };
}
