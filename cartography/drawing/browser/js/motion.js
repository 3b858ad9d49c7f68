import { clamp } from "./geometry.js";

const GLIDE = 70; // ms after which a glide has done 63 % of its way
const FLIGHT = 420;

/** Moves the camera a little on every frame: glides after the wheel, flights to a place. */
export class Motion {
    constructor(camera) {
        this.camera = camera;
        this.calm = matchMedia("(prefers-reduced-motion: reduce)");
        this.stop();
    }

    stop() {
        this.glide = null;
        this.flight = null;
    }

    get moving() {
        return Boolean(this.glide || this.flight);
    }

    /** Zoom by a factor around a pixel. Turns of the wheel add up to one smooth glide. */
    zoomBy(factor, px, py) {
        const zoom = (this.glide?.zoom ?? this.camera.zoom) * factor;
        this.flight = null;
        this.glide = { zoom, px, py };
        if (this.calm.matches) this.#arrive();
    }

    flyTo(place) {
        this.glide = null;
        this.flight = { from: this.camera.place, to: place, start: null };
        if (this.calm.matches) this.#arrive();
    }

    #arrive() {
        if (this.flight) this.camera.look(this.flight.to);
        if (this.glide) this.camera.zoomTo(this.glide.zoom, this.glide.px, this.glide.py);
        this.stop();
    }

    /** Take the step of this frame. Returns whether the camera moved. */
    step(now, passed) {
        if (this.flight) return this.#fly(now);
        if (this.glide) return this.#slide(passed);
        return false;
    }

    #fly(now) {
        const { from, to } = this.flight;
        this.flight.start ??= now;
        const t = clamp((now - this.flight.start) / FLIGHT, 0, 1);
        const eased = t * t * (3 - 2 * t);
        this.camera.look(mixedPlace(from, to, eased));
        if (t === 1) this.flight = null;
        return true;
    }

    #slide(passed) {
        const { zoom, px, py } = this.glide;
        const before = this.camera.zoom;
        const done = 1 - Math.exp(-passed / GLIDE);
        this.camera.zoomTo(before * (zoom / before) ** done, px, py);
        const stuck = this.camera.zoom === before;
        if (stuck || Math.abs(Math.log(zoom / this.camera.zoom)) < 0.003) this.glide = null;
        return true;
    }
}

/** Where one looks a share of the way from one place to another. */
export function mixedPlace(from, to, share) {
    const mixed = (a, b) => a + (b - a) * share;
    const zoom = Math.exp(mixed(Math.log(from.zoom), Math.log(to.zoom)));
    return { x: mixed(from.x, to.x), y: mixed(from.y, to.y), zoom };
}
