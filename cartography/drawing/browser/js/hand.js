import { simplified } from "./lasso.js";
import { itemUnder, meaningOf, nobody } from "./pointer.js";

const REACH = { mouse: 7, touch: 18 }; // pixels beyond a point's edge at which it is still meant
const ZOOM_STEP = 1.6;
const CLOSE_ENOUGH = 1.5; // pixels by which a loop may be straightened
const MOST_CORNERS_DRAWN = 4000;

/** What a person's gestures do to the map. */
export class Hand {
    constructor(view) {
        this.view = view;
        this.drawing = false;
    }

    /** What the buttons do. */
    buttons() {
        const { view } = this;
        return {
            zoomIn: () => this.zoomStep(1),
            zoomOut: () => this.zoomStep(-1),
            home: () => this.home(),
            toggleLasso: () => this.#setDrawing(!this.drawing),
            toggleDepth: () => view.orbit.toggle(),
        };
    }

    /** What can be done with what is chosen. */
    deeds() {
        const { choices, choosing } = this.view;
        return {
            clearLasso: () => choices.clearLasso(),
            forget: () => choices.find(null),
            showGroups: () => choices.showAll(),
            drop: (chip) => choosing.ask("drop", chip),
            only: () => choosing.ask("only"),
            all: () => this.#showAll(),
            clear: () => this.#clearAll(),
            undo: () => choices.undo(),
            redo: () => choices.redo(),
        };
    }

    #showAll() {
        const { choices, choosing } = this.view;
        if (choices.chosen.kept) choosing.ask("all");
        choices.showAll();
    }

    #clearAll() {
        const { choices, choosing } = this.view;
        if (choices.chosen.key) choosing.ask("clear");
        choices.clear();
        choices.showAll();
    }

    // ----------------------------------------------------------------- moving
    /** A drag turns what has risen out of the map, and with Shift moves it, as it moves the map. */
    drag(dx, dy, shift) {
        if (!this.view.orbit.active || shift) return this.pan(dx, dy);
        this.view.motion.stop();
        this.view.orbit.turn(dx, dy);
        this.leave();
        this.view.moved();
    }

    pan(dx, dy) {
        this.view.motion.stop();
        this.view.camera.pan(dx, dy);
        this.leave();
        this.view.moved();
    }

    zoomAt(factor, px, py) {
        const { camera } = this.view;
        camera.zoomTo(camera.zoom * factor, px, py);
        this.view.moved();
    }

    glide(factor, px, py) {
        this.view.motion.zoomBy(factor, px, py);
        this.leave();
        this.view.moved();
    }

    zoomStep(direction) {
        const { width, height } = this.view.camera;
        this.glide(ZOOM_STEP ** direction, width / 2, height / 2);
    }

    home() {
        if (this.view.orbit.active) this.view.orbit.home();
        this.view.motion.flyTo(this.view.camera.home());
        this.view.moved();
    }

    /** Look at a place, at the same zoom. */
    lookAt(x, y) {
        const { camera, motion } = this.view;
        motion.stop();
        camera.look({ x, y, zoom: camera.zoom });
        this.leave();
        this.view.moved();
    }

    /** Fly to a place of the map, which may have to be laid down for that. */
    goTo(place) {
        if (this.view.orbit.active) this.view.orbit.leave(place);
        else this.view.motion.flyTo(place);
        this.view.moved();
    }

    /** Fly to an item, as near as `zoom` at least. */
    flyTo(item, zoom) {
        const { seen, motion, camera } = this.view;
        const [x, y] = seen.at(item);
        motion.flyTo({ x, y, zoom: Math.max(camera.zoom, zoom) });
        this.view.moved();
    }

    /** Arrow keys: the map moves under a cross in the middle, or what has risen out of it turns. */
    steer(dx, dy) {
        this.aim(true);
        this.drag(dx, dy, false);
    }

    /** The map is seen in three dimensions from now on: nothing is drawn on it by hand. */
    settleIn() {
        this.dropLoop();
        this.#setDrawing(false);
    }

    aim(on) {
        if (this.view.marks.aim === on) return;
        this.view.marks.aim = on;
        this.view.draw();
    }

    /** Fly to an item when it is out of sight. */
    bringIntoView(item) {
        const { points, camera, motion, forming, seen } = this.view;
        if (item === null || !points?.xy || forming.active) return;
        const [x, y] = seen.at(item);
        if (camera.shows(x, y, 24)) return;
        motion.flyTo({ x, y, zoom: camera.zoom });
        this.view.draw();
    }

    // --------------------------------------------------------------- pointing
    hover(px, py) {
        this.#point(meaningOf(this.view, px, py, REACH.mouse), px, py);
    }

    leave() {
        this.#point(nobody(), 0, 0);
    }

    /** Mark what is meant and show its card. */
    #point(meant, px, py) {
        const { marks, card, panel, land } = this.view;
        panel.canvas.style.cursor = meant.item < 0 ? "" : "pointer";
        if (!meant.kind) card.hide();
        else if (meant.kind === "item") card.show(meant.item, px, py);
        else card.tell(land.stories.of(meant), px, py);
        const pointed = meant.kind && meant.kind !== "item" ? `${meant.kind} ${meant.index}` : "";
        if (marks.hovered === meant.item && marks.pointed === pointed) return;
        Object.assign(marks, { hovered: meant.item, pointed });
        this.view.draw();
    }

    /** A tap selects an item; a finger, which cannot hover, has the card of whatever it touches shown. */
    tap(px, py, touched) {
        if (this.view.forming.active) return;
        const finger = touched ? "touch" : "mouse";
        const meant = meaningOf(this.view, px, py, REACH[finger], finger);
        const item = touched ? meant.item : this.under(px, py, REACH.mouse);
        this.view.choices.select(item < 0 ? null : item);
        if (touched) this.#point(meant, px, py);
    }

    doubleTap(px, py) {
        if (this.view.forming.active) return;
        if (this.under(px, py, REACH.mouse) < 0) this.#unpick();
    }

    /** Enter: the item nearest to the middle. */
    take() {
        const { width, height } = this.view.camera;
        const item = this.under(width / 2, height / 2, 60);
        if (item >= 0) this.view.choices.select(item);
    }

    /** The item meant by a pixel: that of a town's mark, which may not be drawn itself, or the nearest one. */
    under(px, py, reach) {
        const { points, camera, land, forming, orbit } = this.view;
        if (!points || forming.active) return -1; // nobody can point at what moves
        if (orbit.active) return itemUnder(this.view, px, py, reach);
        const pictured = this.view.pictures.at(camera, px, py);
        if (pictured >= 0) return pictured;
        const town = land.labels.townAt(camera, px, py, reach / 4);
        if (town) return town.item;
        return itemUnder(this.view, px, py, reach);
    }

    undo() {
        this.view.choices.undo();
    }

    redo() {
        this.view.choices.redo();
    }

    /** Keys that lead to the search box, and through what was found. */
    search() {
        if (!this.view.finder.box.hidden) this.view.finder.focus();
    }

    step(by) {
        this.view.finder.step(by);
    }

    /** First drop a loop under way, then leave the lasso, then clear. */
    escape() {
        if (this.view.marks.loop) return this.dropLoop();
        if (this.drawing) this.#setDrawing(false);
        this.#unpick();
    }

    /** Nothing is selected any more; conditions stay. */
    #unpick() {
        const { choices, choosing } = this.view;
        choices.clear();
        if (choices.chosen.chips.some(({ id }) => id === "picked")) choosing.ask("drop", "picked");
    }

    // ------------------------------------------------------------------ lasso
    #setDrawing(on) {
        this.drawing = on;
        this.view.choosing.show();
    }

    /** What a drag that begins with these keys does, or null when it moves the map. */
    lassoOperation({ shiftKey, ctrlKey, metaKey, altKey }) {
        if (this.view.forming.active || this.view.orbit.active) return null;
        if (altKey) return "subtract";
        if (ctrlKey || metaKey) return "add";
        if (shiftKey) return "set";
        return this.drawing ? this.view.bar.operation : null;
    }

    beginLoop(op, px, py) {
        this.leave();
        this.view.marks.loop = { op, polygon: [] };
        this.extendLoop(px, py);
    }

    extendLoop(px, py) {
        const { loop } = this.view.marks;
        if (!loop || loop.polygon.length >= MOST_CORNERS_DRAWN) return;
        const { camera } = this.view;
        loop.polygon.push([camera.mapX(px), camera.mapY(py)]);
        this.view.draw();
    }

    endLoop() {
        const { marks, camera, choices } = this.view;
        const { op, polygon } = marks.loop ?? { polygon: [] };
        marks.loop = null;
        const corners = polygon.length < 3 ? [] : simplified(polygon, CLOSE_ENOUGH / camera.scale);
        if (corners.length >= 3) choices.lasso(op, corners.map(([x, y]) => [short(x), short(y)]));
        this.view.draw();
    }

    dropLoop() {
        this.view.marks.loop = null;
        this.view.draw();
    }
}

/** As many digits as float32 coordinates have, and a bit. */
function short(value) {
    return Number(value.toPrecision(9));
}
