import { Bar } from "./bar.js";
import { Camera } from "./camera.js";
import { HoverCard } from "./card.js";
import { Choices } from "./choices.js";
import { Choosing } from "./choosing.js";
import { Furniture } from "./furniture.js";
import { counted, rounded } from "./geometry.js";
import { Forming } from "./forming.js";
import { Gestures } from "./gestures.js";
import { Hand } from "./hand.js";
import { Land } from "./land.js";
import { Legend } from "./legend.js";
import { Loading } from "./loading.js";
import { Marks } from "./marks.js";
import { Minimap } from "./minimap.js";
import { Motion } from "./motion.js";
import { Notices } from "./notices.js";
import { Pace } from "./pace.js";
import { paint } from "./painting.js";
import { Panel } from "./panel.js";
import { Pictures } from "./pictures.js";
import { Points } from "./points.js";
import { Showing } from "./showing.js";
import { Finder } from "./search.js";
import { Sets } from "./sets.js";
import { Splat } from "./splat.js";
import { Tiles } from "./tiles.js";

const SETTLED = 700; // ms after the last movement at which the view is reported
const NO_CANVAS = "This browser cannot draw on a canvas, so there is no map to see.";
const FADE_STEP = 40;
const FLOW_STEP = 20;

/** The map in its box: holds the parts together, draws a frame when something changed. */
export class MapView {
    /** `report` tells Python; `makeSource(data)` says where data comes from. */
    constructor(root, report, makeSource) {
        Object.assign(this, { root, report, makeSource });
        this.pace = new Pace();
        this.choices = new Choices((part) => this.choosing.chosen(part));
        this.sets = new Sets();
        this.choosing = new Choosing(this, this.sets);
        this.hand = new Hand(this);
        this.bar = new Bar(this.hand.deeds());
        this.panel = new Panel(root, this.hand.buttons(), this.bar.box);
        this.context = this.panel.canvas.getContext("2d", { alpha: false });
        this.notices = new Notices(this, () => this.#open(this.data, true));
        if (!this.context) return void this.notices.say(NO_CANVAS);
        this.camera = new Camera();
        this.motion = new Motion(this.camera);
        this.forming = new Forming(this);
        this.marks = new Marks();
        this.splat = new Splat();
        this.showing = new Showing();
        const failed = (error) => this.notices.failed(error);
        this.land = new Land(() => this.draw(), failed);
        this.pictures = new Pictures(this, failed);
        this.card = new HoverCard(failed);
        this.legend = new Legend({
            toggle: (code) => this.choices.toggle(code),
            solo: (code, codes) => this.choices.solo(code, codes),
        });
        const [named, arrived, done] = [(names) => this.#named(names), () => this.draw(), () => this.#loaded()];
        this.loading = new Loading({ named, arrived, done, failed });
        this.minimap = new Minimap((x, y) => this.hand.lookAt(x, y));
        this.furniture = new Furniture();
        this.finder = new Finder(this);
        this.panel.furnish(this.legend.box, this.furniture, this.minimap.box, this.finder.box, this.card.box);
        this.gestures = new Gestures(root, this.panel.canvas, this.hand);
        this.watcher = new ResizeObserver(() => this.#resize());
        this.watcher.observe(root);
        this.notices.say("Drawing the map…", "loading");
    }

    /** Take what Python sends: at the start, and whenever any of it changed. */
    apply(data) {
        if (!this.context) return;
        const before = this.data;
        this.data = data;
        this.panel.setTheme(data.theme, data.height);
        if (!this.camera.width) this.#resize(); // the legend asks for the width before an observer would tell it
        this.panel.describe(data.title, counted(data.count));
        const renewed = before?.base !== data.base;
        const moved = before?.keys.points !== data.keys.points;
        this.forming.follow(data.layout, moved);
        this.#show(new Showing(data.showing));
        if (renewed) this.#open(before, moved);
        else if (this.points.grid) this.forming.land(this.points);
        this.finder.box.hidden = !data.has.search;
        this.marks.overlay.set(data.overlay);
        this.choosing.obey(data.given, !before || moved, before?.given);
        this.draw();
    }

    /** Other layers of the same map: nothing is fetched for them. */
    #show(showing) {
        if (showing.key === this.showing.key) return;
        this.showing = showing;
        this.land.show(showing);
        this.legend.obey(showing);
        this.panel.obey(showing);
        this.hand.leave();
    }

    // ---------------------------------------------------------------- loading
    /** Begin to fetch another world, keeping whatever is the same on it. */
    #open(before, moved) {
        const { data } = this;
        this.source = this.makeSource(data);
        this.card.setSource(this.source);
        this.pictures.setSource(this.source, data.has);
        this.sets.setSource(this.source, data.count);
        if (moved) this.#begin();
        this.tiles.restyle(this.source, data.theme.sea);
        this.land.fog.follow(this.source, data.keys.fog);
        const recoloured = moved || before.keys.codes !== data.keys.codes;
        if (recoloured) this.choices.regroup();
        const wants = {
            points: moved || !this.points.grid,
            codes: recoloured || !this.points.codes,
            grades: moved || before.keys.grades !== data.keys.grades,
        };
        this.loading.load(this.source, data, this.points, wants);
    }

    #begin() {
        const { origin, side, frame, deepest, count } = this.data;
        this.tiles?.close();
        const failed = (error) => this.notices.failed(error);
        this.tiles = new Tiles({ origin, side, deepest }, () => this.#drawSoon(), failed);
        this.points = new Points(count, origin, side);
        this.choices.reset();
        this.marks.forget();
        this.#reframe(() => {
            this.camera.setFrame(frame);
            this.camera.look(this.camera.home());
        });
        if (!this.forming.active) this.notices.say("Drawing the map…", "loading");
    }

    #loaded() {
        this.choosing.hold();
        this.#reframe(() => this.legend.makeRoom(this.camera, this.points, this.seated));
        this.seated = false;
        this.forming.land(this.points);
        this.recolour();
        this.finder.repeat();
        this.notices.say("");
    }

    /** Look from elsewhere at once, without a jump of items on their way. */
    #reframe(change) {
        const { x, y, scale } = this.camera;
        change();
        this.forming.recast({ x, y, scale }, this.camera);
    }

    #named(names) {
        this.names = names;
        this.land.setNames(names, this.data.theme, this.showing);
        this.panel.listTowns(names.towns);
        this.furniture.setCompass(names.compass);
        this.legend.setLegend(names, this.data.theme, this.showing);
        this.legend.foldFor(this.camera.width);
        this.finder.setNames(names);
        this.recolour();
    }

    recolour() {
        if (!this.names) return;
        this.points.off = this.choices.off;
        this.splat.setColours(this.names.colours, this.choices.off, this.data.theme);
        this.splat.setSizes(this.names.sizes);
        this.legend.showOff(this.choices.off);
        this.draw();
    }

    // ---------------------------------------------------------------- drawing
    /** The map moved under somebody's hand. */
    moved() {
        this.pace.moved(performance.now());
        const of = this.data.keys.points;
        this.report.soon("view", SETTLED, () => ({ ...rounded(this.camera.place), of }));
        this.draw();
    }

    draw() {
        if (!this.context || this.closed || this.frame) return;
        this.askedAt = performance.now();
        this.frame = requestAnimationFrame((now) => this.#frame(now));
    }

    /** Fades are worth fewer frames than movement: the processor may be painting the next tile. */
    #drawSoon(wait = FADE_STEP) {
        this.soon ??= setTimeout(() => {
            this.soon = null;
            this.draw();
        }, wait);
    }

    #frame(now) {
        this.frame = 0;
        const { data } = this;
        if (!this.camera.width || !this.tiles) return;
        const passed = now - (this.lastFrame ?? now);
        this.lastFrame = now;
        if (this.motion.step(now, Math.min(50, passed))) this.moved();
        this.pace.frame(now, performance.now() - this.askedAt);
        paint(this, now);
        const asked = this.notices.lost === data.base || this.tiles.fetch(now, this.pace.movedAt);
        if (this.motion.moving || this.forming.phase === "landing") this.draw();
        else if (this.forming.moving) this.#drawSoon(FLOW_STEP);
        else if (this.tiles.fading || this.pictures.soon || !asked || this.pace.coarse) this.#drawSoon();
    }

    get drawable() {
        return Boolean(this.points?.ready && this.names);
    }

    #resize() {
        const { clientWidth: width, clientHeight: height } = this.root;
        if (!width || !height) return;
        this.camera.resize(width, height);
        this.legend.foldFor(width);
        if (this.tiles) this.#frame(performance.now()); // at once: an emptied canvas must not be seen
    }

    close() {
        this.closed = true;
        this.loading?.stop();
        this.report.close();
        this.gestures?.close();
        this.watcher?.disconnect();
        this.tiles?.close();
        this.land?.fog.close();
        this.pictures?.close();
        this.forming?.close();
        this.card?.hide();
        cancelAnimationFrame(this.frame);
        clearTimeout(this.soon);
        this.root.replaceChildren();
    }
}
