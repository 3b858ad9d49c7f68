const SHARP_AFTER = 160; // ms without movement after which everything is drawn sharp again
const FALTERING = 24; // ms that a frame may be late, beyond which a moving map seems to stutter
const MOST_MOVING = 120000; // items
const MOST_FALTERING = 40000;
const AWAY = 250; // nobody was looking

/**
 * Decides how many pixels are drawn per CSS pixel. A fine screen has four times as many to fill; on a machine that
 * falters over them, without a GPU mostly, the map is drawn coarse while it moves and sharp as soon as it rests.
 */
export class Pace {
    constructor() {
        this.movedAt = -Infinity;
        this.lateness = 0;
        this.falters = false;
        this.coarse = false;
    }

    moved(now) {
        this.movedAt = now;
    }

    /** Whether nothing has moved for a while. */
    rests(now) {
        return now - this.movedAt >= SHARP_AFTER;
    }

    /** How many items can be placed anew for every frame of what moves. */
    get mostMoving() {
        return this.falters ? MOST_FALTERING : MOST_MOVING;
    }

    /** Note how long a frame was waited for. */
    frame(now, waited) {
        if (this.rests(now) || this.coarse || waited > AWAY) return;
        this.lateness += 0.15 * (waited - this.lateness);
        if (this.lateness > FALTERING) this.falters = true;
    }

    density(finest, now) {
        this.coarse = finest > 1 && this.falters && !this.rests(now);
        return this.coarse ? 1 : finest;
    }
}
