import { Feed } from "./feed.js";
import { clamp, smoothStep } from "./geometry.js";
import { Turn } from "./turn.js";

const QUICKEST = 150; // ms that items take from one frame to the next: as long as frames are apart, within limits
const SLOWEST = 900;
const VEILED_IN = 700; // ms in which the land goes
const LANDING = 1500; // ms in which the items go to their places on the finished map, and land comes up
const THERE = 0.7; // share of the landing after which the items are in their places
const LAND_FROM = 0.5; // and after which land begins to show
const MARGIN = 0.1; // of the screen on each side, as finished maps have it

/**
 * The items of a layout under way, seen on the map that stands in for it. Splat and Marks draw them as they draw
 * `Points`: the first so many items, in the same order and colours.
 *
 * `phase` is "" while there is nothing to see, "going" while frames come, "waiting" for the finished map, "landing".
 */
export class Forming {
    constructor(view) {
        this.view = view;
        this.calm = matchMedia("(prefers-reduced-motion: reduce)");
        this.base = "";
        this.frames = 0;
        this.#rest();
    }

    /** Nothing moves any more; the map itself is seen. */
    #rest() {
        this.phase = "";
        this.veil = 0;
        this.moving = false;
        this.xy = null;
        this.turn = null;
    }

    get active() {
        return this.phase !== "";
    }

    /** Whether no land is to be seen, nor fetched: none is true. */
    get hidesLand() {
        return this.veil === 1 && this.phase !== "landing";
    }

    /** What is said of it; nothing once the map itself is coming. */
    get text() {
        return this.phase === "going" || this.phase === "waiting" ? this.said : "";
    }

    /** Take what Python says of the layout: where its frames are, and whether it goes on. */
    follow({ base, going } = { base: "", going: false }, otherItems) {
        if (base !== this.base) {
            this.close();
            this.frames = 0;
            if (!going || otherItems || this.phase === "landing") this.#rest();
        }
        if (going && !this.feed) this.feed = new Feed(base, (frame) => this.#take(frame));
        if (!going) this.close();
        if (!going && this.phase === "going") this.phase = "waiting";
        this.base = base;
    }

    close() {
        this.feed?.stop();
        this.feed = null;
    }

    // ----------------------------------------------------------------- moving
    #take(frame) {
        const { points, drawable, camera } = this.view;
        if (!drawable || !points.grid || frame.count > points.count) return; // a later one will do
        const now = performance.now();
        if (this.xy?.length !== 2 * frame.count) this.#begin(frame.count);
        this.phase = "going";
        this.lasts = clamp(now - (this.since ?? now), QUICKEST, SLOWEST);
        this.since = now;
        this.turn = null;
        this.from = this.xy.slice();
        this.to = placed(frame, camera);
        this.said = frame.said;
        this.frames++;
        this.view.draw();
    }

    #begin(count) {
        this.xy = this.view.points.xy.slice(0, 2 * count);
        this.since = null;
        this.lastStep = null;
        this.view.hand.leave();
    }

    /** Go to the places on the finished map, or back to those on the one that stood in. */
    land({ xy }) {
        if (this.phase !== "waiting") return;
        if (xy.length < this.xy.length) return this.#rest();
        this.turn = new Turn(this.xy.slice(), xy.subarray(0, this.xy.length));
        this.phase = "landing";
        this.since = null;
        this.veiled = this.veil;
        this.view.draw();
    }

    /** The camera looks from elsewhere; the items stay where they are on the screen. */
    recast(before, after) {
        if (!this.active) return;
        const ratio = before.scale / after.scale;
        for (const xy of [this.xy, this.from, this.to]) {
            for (let i = 0; i < xy.length; i += 2) {
                xy[i] = (xy[i] - before.x) * ratio + after.x;
                xy[i + 1] = (xy[i + 1] - before.y) * ratio + after.y;
            }
        }
    }

    /** Take the step of this frame of the screen. */
    step(now) {
        if (!this.active) return;
        const passed = now - (this.lastStep ?? now);
        this.lastStep = now;
        this.since ??= now;
        if (this.phase === "landing") return this.#settle(now);
        const share = this.calm.matches ? 1 : clamp((now - this.since) / this.lasts, 0, 1);
        const { xy, from, to } = this;
        for (let i = 0; i < xy.length; i++) xy[i] = from[i] + (to[i] - from[i]) * share;
        this.veil = this.calm.matches ? 1 : Math.min(1, this.veil + passed / VEILED_IN);
        this.moving = share < 1 || this.veil < 1;
    }

    #settle(now) {
        const share = this.calm.matches ? 1 : clamp((now - this.since) / LANDING, 0, 1);
        if (share === 1) return this.#rest();
        this.turn.at(smoothStep(share, 0, THERE), this.xy);
        this.veil = this.veiled * (1 - smoothStep(share, LAND_FROM, 1));
        this.moving = true;
    }

    // ---------------------------------------------------------------- seen as points
    get codes() {
        return (this.known = this.view.points.codes ?? this.known);
    }

    get marks() {
        return this.view.points.marks;
    }

    get lit() {
        return false; // items beyond those of a frame have no place yet
    }

    get radius() {
        return this.view.points.radius;
    }

    at(item) {
        return [this.xy[2 * item], this.xy[2 * item + 1]];
    }

    settle(camera, count) {
        if (this.phase !== "waiting") this.view.points.settle(camera, count);
    }

    visible(camera) {
        const count = Math.min(this.xy.length / 2, this.view.points.room(camera));
        return { xy: this.xy, codes: this.codes, places: null, items: null, count };
    }
}

/** The items of a frame in map units, as large as the screen at home allows. */
function placed({ count, bounds, steps }, camera) {
    const [west, south, east, north] = bounds;
    const { x, y, width, height } = camera.stage;
    const [across, up] = [Math.max(east - west, 1e-30), Math.max(north - south, 1e-30)];
    const scale = (1 - 2 * MARGIN) * Math.min(width / across, height / up);
    const [stepX, stepY] = [(across * scale) / 65535, (up * scale) / 65535];
    const xy = new Float32Array(2 * count);
    for (let i = 0; i < xy.length; i += 2) {
        xy[i] = x + (steps[i] - 32767.5) * stepX;
        xy[i + 1] = y + (steps[i + 1] - 32767.5) * stepY;
    }
    return xy;
}
