import { Cloud } from "./cloud.js";
import { clamp, smoothStep } from "./geometry.js";
import { mixedPlace } from "./motion.js";
import { poseOf, unwound } from "./turntable.js";

const RISE = 700; // ms in which items rise out of the map, or lie down on it
const SWING = 420; // ms of the way back to the view one began with
const AT_FIRST = { yaw: -0.42, tilt: 1.08 };
const MOST_TILT = Math.PI / 2;
const TURNED = 0.0065; // radians by a dragged pixel
const GONE_AT = 0.6; // share of the way at which no land is left

/**
 * The items risen out of the map into three dimensions, turned by hand. `phase` is "" on the map, "rising", "open",
 * or "falling" back; `wanted` is what the button says, `cloud` what is seen in place of the points, `left` the part
 * of the map to come back to.
 */
export class Orbit {
    constructor(view) {
        this.view = view;
        this.calm = matchMedia("(prefers-reduced-motion: reduce)");
        this.key = "";
        this.#want(false);
        this.#end();
    }

    get active() {
        return this.phase !== "";
    }

    get moving() {
        return Boolean(this.way || this.swing);
    }

    /** How much of the land is covered, 0 to 1. */
    get veil() {
        return clamp(this.share / GONE_AT, 0, 1);
    }

    get hidesLand() {
        return this.veil === 1;
    }

    get thinned() {
        return Boolean(this.cloud?.thinned);
    }

    #want(wanted) {
        this.wanted = wanted;
        this.view.panel.showDepth(Boolean(this.key), wanted);
    }

    // ----------------------------------------------------- rising and falling
    /** Take what Python says: which depths there are, if any. Other items are seen on their map first. */
    follow({ keys }, moved) {
        const others = this.key !== keys.depths;
        if (others) Object.assign(this, { key: keys.depths, depths: null, fetching: null });
        if (others || moved) this.#end();
        this.#want(this.wanted && Boolean(this.key));
    }

    /** All of the map is there. */
    loaded() {
        if (this.wanted && !this.active) this.#rise();
    }

    toggle() {
        if (this.wanted) return this.leave();
        if (this.view.forming.active) return;
        this.#want(true);
        if (this.view.points?.grid) this.#rise();
    }

    async #rise() {
        const { key, view: { points, source, notices } } = this;
        try {
            this.fetching ??= source.depths();
            const depths = await this.fetching;
            if (key !== this.key || points !== this.view.points || !points.grid) return;
            this.depths = depths;
        } catch (error) {
            if (key !== this.key) return;
            this.fetching = null;
            this.#want(false);
            return notices.failed(error);
        }
        if (this.wanted && !this.active) this.#begin(points);
    }

    #begin(points) {
        const { camera, hand } = this.view;
        Object.assign(this, { ...AT_FIRST, phase: "rising", left: camera.place });
        this.cloud = new Cloud(points, this.depths);
        this.#look(performance.now());
        hand.settleIn();
        this.#go(1, camera.home());
    }

    /** Lie down again, on the part of the map that was left or on another. */
    leave(place = this.left) {
        this.#want(false);
        if (!this.active) return;
        Object.assign(this, { phase: "falling", left: place, yaw: unwound(this.yaw) });
        this.#go(0, place);
    }

    #go(share, place) {
        const { camera, motion, hand } = this.view;
        motion.stop();
        hand.leave();
        this.swing = null;
        this.way = { from: this.share, to: share, seen: camera.place, place, start: null };
        this.view.draw();
    }

    /** Nothing is risen any more; the map is seen as it was left. */
    #end() {
        if (this.left) this.view.camera.look(this.left);
        Object.assign(this, { phase: "", share: 0, way: null, swing: null, left: null, cloud: null });
    }

    // ----------------------------------------------------------------- turning
    /** A hand drags by pixels: what is near follows it. */
    turn(dx, dy) {
        this.swing = null;
        this.yaw += dx * TURNED;
        this.tilt = clamp(this.tilt - dy * TURNED, 0, MOST_TILT);
    }

    /** Turn back to the view one began with. */
    home() {
        this.swing = { yaw: unwound(this.yaw), tilt: this.tilt, start: null };
    }

    /** Take the step of this frame of the screen. A layout under way is seen from above. */
    step(now) {
        if (this.active && this.view.forming.active) {
            this.#want(false);
            this.#end();
        }
        if (this.way) this.#travel(now);
        else if (this.swing) this.#swingBack(now);
        if (this.active) this.#look(now);
    }

    #travel(now) {
        const { from, to, seen, place } = this.way;
        const eased = this.#eased(this.way, now, RISE);
        this.share = from + (to - from) * eased;
        this.view.camera.look(mixedPlace(seen, place, eased));
        if (eased < 1) return;
        this.way = null;
        if (to === 0) return this.#end();
        this.phase = "open";
    }

    #swingBack(now) {
        const { yaw, tilt } = this.swing;
        const eased = this.#eased(this.swing, now, SWING);
        this.yaw = yaw + (AT_FIRST.yaw - yaw) * eased;
        this.tilt = tilt + (AT_FIRST.tilt - tilt) * eased;
        if (eased === 1) this.swing = null;
    }

    #eased(way, now, lasts) {
        way.start ??= now;
        return this.calm.matches ? 1 : smoothStep(now, way.start, way.start + lasts);
    }

    #look(now) {
        const { camera, pace } = this.view;
        this.pose = poseOf(this, this.cloud.lie, camera.stage);
        this.cloud.look(this.pose, camera, this.moving || !pace.rests(now) ? pace.mostMoving : Infinity);
    }
}
