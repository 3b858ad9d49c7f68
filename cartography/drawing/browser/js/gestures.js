import { clamp } from "./geometry.js";

const SLOP = { mouse: 4, pen: 6, touch: 10 }; // pixels a pointer may stray before a click becomes a drag
const WHEEL = 0.0022;
const PINCH = 0.011; // trackpads report a pinch as small turns of the wheel with Ctrl
const STEP = 90; // pixels per arrow key
const WRITTEN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=range])";

/** Turns pointers, wheel and keys into what they mean: `does` has a method for each meaning. */
export class Gestures {
    constructor(root, canvas, does) {
        Object.assign(this, { canvas, does });
        this.pointers = new Map();
        this.drag = null;
        this.ending = new AbortController();
        const on = (name, act, options = {}) =>
            canvas.addEventListener(name, act.bind(this), { signal: this.ending.signal, ...options });
        on("pointerdown", this.#down);
        on("pointermove", this.#move);
        on("pointerup", this.#up);
        on("pointercancel", this.#cancel);
        on("pointerleave", (event) => event.pointerType !== "touch" && does.leave()); // a lifted finger leaves its card
        on("dblclick", (event) => does.doubleTap(...this.#at(event)));
        on("wheel", this.#wheel, { passive: false });
        root.addEventListener("keydown", this.#key.bind(this), { signal: this.ending.signal });
        document.addEventListener("keydown", this.#elsewhere.bind(this), { signal: this.ending.signal });
        on("blur", () => does.aim(false));
        on("contextmenu", (event) => event.ctrlKey && event.preventDefault()); // Ctrl+drag adds, on a Mac too
    }

    close() {
        this.ending.abort();
    }

    #at(event) {
        const box = this.canvas.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
    }

    #down(event) {
        if (event.button) return;
        this.canvas.setPointerCapture(event.pointerId);
        this.pointers.set(event.pointerId, this.#at(event));
        this.does.aim(false);
        if (this.pointers.size === 2) return this.#beginPinch();
        if (this.pointers.size > 2) return;
        const [x, y] = this.#at(event);
        this.drag = { x, y, began: false, op: this.does.lassoOperation(event), kind: event.pointerType };
    }

    #move(event) {
        const [x, y] = this.#at(event);
        if (!this.pointers.has(event.pointerId)) {
            if (event.pointerType !== "touch") this.does.hover(x, y);
            return;
        }
        const before = this.pointers.get(event.pointerId);
        this.pointers.set(event.pointerId, [x, y]);
        if (this.pinch) this.#movePinch();
        else if (this.drag) this.#moveDrag(event, x, y, before);
    }

    #moveDrag(event, x, y, before) {
        const { drag } = this;
        if (!drag.began) {
            if (Math.hypot(x - drag.x, y - drag.y) < (SLOP[drag.kind] ?? 6)) return;
            drag.began = true;
            if (drag.op) this.does.beginLoop(drag.op, drag.x, drag.y);
            else this.does.drag(x - drag.x, y - drag.y, event.shiftKey);
            return;
        }
        if (!drag.op) return this.does.drag(x - before[0], y - before[1], event.shiftKey);
        for (const part of event.getCoalescedEvents?.() ?? []) this.does.extendLoop(...this.#at(part));
        this.does.extendLoop(x, y);
    }

    #up(event) {
        const [x, y] = this.#at(event);
        const { drag } = this;
        if (!this.#release(event)) return;
        if (!drag) return;
        if (drag.began && drag.op) this.does.endLoop();
        else if (!drag.began) this.does.tap(x, y, drag.kind === "touch");
    }

    #cancel(event) {
        if (this.#release(event)) this.does.dropLoop();
    }

    /** Forget a pointer; whether it was the last one of a drag. A finger left over from a pinch goes on panning. */
    #release(event) {
        if (!this.pointers.delete(event.pointerId)) return false;
        if (this.pinch) {
            this.pinch = null;
            const [rest] = this.pointers.values();
            this.drag = rest ? { x: rest[0], y: rest[1], began: true, op: null, kind: "touch" } : null;
            return false;
        }
        this.drag = null;
        return true;
    }

    #beginPinch() {
        this.does.dropLoop();
        this.drag = null;
        this.pinch = this.#span();
    }

    #movePinch() {
        const { x, y, length } = this.#span();
        this.does.pan(x - this.pinch.x, y - this.pinch.y);
        this.does.zoomAt(length / this.pinch.length, x, y);
        this.pinch = { x, y, length };
    }

    /** The middle between two fingers, and how far they are apart. */
    #span() {
        const [[x0, y0], [x1, y1]] = this.pointers.values();
        return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, length: Math.max(8, Math.hypot(x1 - x0, y1 - y0)) };
    }

    #wheel(event) {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
        const turn = clamp(event.deltaY * lines, -240, 240) * (event.ctrlKey ? PINCH : WHEEL);
        this.does.glide(Math.exp(-turn), ...this.#at(event));
    }

    #key(event) {
        const act = this.#meaning(event);
        if (!act) return;
        act();
        event.preventDefault();
        event.stopPropagation(); // the page has keys of its own
    }

    /** What is chosen beside the map is taken back from there too, but where something is being written. */
    #elsewhere(event) {
        const within = event.composedPath()[0];
        const key = event.key?.toLowerCase();
        if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key) || within.closest?.(WRITTEN)) return;
        this.#withControl(key, event.shiftKey)();
        event.preventDefault(); // or the browser would take back what was written last, wherever that was
    }

    /** Keys of the map work on its buttons too, but those that move or press something there. */
    #meaning(event) {
        const { does } = this;
        if (event.target !== this.canvas && /^(Enter|Arrow.*)$/.test(event.key)) return null;
        const control = event.ctrlKey || event.metaKey;
        if (control) return this.#withControl(event.key.toLowerCase(), event.shiftKey);
        const reach = event.shiftKey ? 3 * STEP : STEP;
        const arrows = { ArrowLeft: [reach, 0], ArrowRight: [-reach, 0], ArrowUp: [0, reach], ArrowDown: [0, -reach] };
        if (arrows[event.key]) return () => does.steer(...arrows[event.key]);
        return {
            "+": () => does.zoomStep(1),
            "=": () => does.zoomStep(1),
            "-": () => does.zoomStep(-1),
            _: () => does.zoomStep(-1),
            0: () => does.home(),
            Home: () => does.home(),
            Escape: () => does.escape(),
            Enter: () => does.take(),
            "/": () => does.search(),
            n: () => does.step(1),
            p: () => does.step(-1),
        }[event.key];
    }

    #withControl(key, shift) {
        if (key === "z") return shift ? () => this.does.redo() : () => this.does.undo();
        return { y: () => this.does.redo(), f: () => this.does.search() }[key] ?? null;
    }
}
