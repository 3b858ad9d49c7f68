import { Album } from "./album.js";
import { bannersOn, drawBanner, drawCard } from "./banners.js";
import { clamp, faded } from "./geometry.js";
import { Shelves } from "./shelves.js";
import { drawMark, markBox } from "./townnames.js";

const MOST_SEEN = 640; // items in sight up to which pictures of them are drawn
const MOST_TEXTS = 120; // items in sight up to which their texts are written, and only close up
const TEXTS_FROM = 1.8; // zoom
const MOST_LOOKED_AT = 20000; // items in the cells that are in sight
const CARD_SIDES = [46, 40, 34, 30, 26]; // CSS pixels of a card, the largest first
const SHARES = [0.6, 0.45, 0.3, 0.18, 0.1]; // of the items in sight for which there has to be room
const AFAR = 4; // times as many items in sight, evenly spread, as get cards: from there on banners are flown
const CARD_GAP = 2; // pixels between cards
const FADED_IN = 200; // ms
const SNIPPET_SIZE = 12;

/**
 * What items look like, on the map. Close up, a card with its picture stands in place of an item, or the beginning of
 * its text beside it, as far as none covers another; from afar, capitals and cities fly the picture of their medoid.
 */
export class Pictures {
    constructor(view, failed) {
        this.view = view;
        this.album = new Album(() => view.draw(), failed);
        this.placed = new Map();
        this.flown = [];
        this.soon = false;
        view.land.labels.reserve = (camera) => this.#reserve(camera);
    }

    /** Begin anew with another world. */
    setSource(source, has) {
        this.album.open(source, has?.pictures ? "pictures" : has?.snippets ? "snippets" : "");
        this.placed.clear();
        this.settled = null;
        this.view.land.labels.placedFor = "";
    }

    /** Forget all pictures and abandon what is asked for. */
    close() {
        this.album.open(null, "");
    }

    draw(context, now) {
        const { view } = this;
        this.soon = false;
        this.#follow();
        const open = this.on && view.drawable && !view.forming.active && !view.orbit.active;
        const items = open ? this.#inSight() : [];
        const banners = open ? this.#banners() : [];
        for (const banner of banners) this.#drawBanner(context, banner, now);
        const pictured = this.album.kind === "pictures";
        const drawn = pictured ? this.#cards(context, items, now) : this.#texts(context, items, now);
        context.globalAlpha = 1;
        const wanted = pictured ? [...banners.map(({ town }) => town.item), ...this.placed.keys()] : items;
        const lost = view.notices.lost === view.data.base;
        if (!lost && this.album.want(wanted, now, view.pace.movedAt)) this.soon = true;
        Object.assign(view.root.dataset, { pictures: drawn, banners: banners.length });
    }

    /** The item whose card lies under a pixel, or -1. */
    at(camera, px, py) {
        if (this.album.kind !== "pictures") return -1;
        const [x, y] = [camera.mapX(px) * camera.scale, -camera.mapY(py) * camera.scale];
        for (const [item, [left, top, right, bottom]] of this.placed) {
            if (x >= left && x <= right && y >= top && y <= bottom) return item;
        }
        return -1;
    }

    /** Switched on or off: names are set anew, since banners take their room. */
    #follow() {
        const on = Boolean(this.album.kind) && this.view.showing.shows("pictures");
        if (on !== this.on) this.view.land.labels.placedFor = "";
        this.on = on;
    }

    // ---------------------------------------------------------------- banners
    /** The boxes of the banners at this scale, for names to keep clear of. */
    #reserve(camera) {
        const afar = camera.zoom ** 2 < (AFAR * (this.view.points?.count ?? 0)) / MOST_SEEN;
        const open = this.on && this.album.kind === "pictures" && afar;
        this.flown = open ? bannersOn(this.view.names?.towns ?? [], camera) : [];
        return this.flown.map(({ box }) => box);
    }

    /** Those in sight whose town is marked on the map; a capital without room for its name is marked by its banner. */
    #banners() {
        const { camera, land: { labels }, showing } = this.view;
        if (!showing.shows("towns")) return [];
        const marked = new Set(labels.placed.filter(({ rank }) => rank !== undefined).map(({ item }) => item));
        const seen = this.flown.filter(({ town }) => camera.shows(town.x, town.y, -60));
        for (const banner of seen) banner.marked = marked.has(banner.town.item);
        return seen.filter(({ marked, town }) => marked || town.rank === 0);
    }

    #drawBanner(context, banner, now) {
        const known = this.album.of(banner.town.item);
        if (!known?.look) return;
        const { camera, data } = this.view;
        const [x, y] = [camera.screenX(banner.town.x), camera.screenY(banner.town.y)];
        if (!banner.marked) drawMark(context, x, y, banner.town.rank, data.theme);
        context.globalAlpha = this.#opacity(known, now);
        drawBanner(context, x, y, banner, known.look, data.theme);
    }

    // ------------------------------------------------------------------ items
    /** The items in sight, most worth drawing first; none when they are too many. */
    #inSight() {
        const { camera, points } = this.view;
        const view = camera.window(CARD_SIDES[0] / 2);
        if (!points.grid || points.grid.crowd(view) > MOST_LOOKED_AT) return [];
        const count = points.grid.gather(view, points.shown(camera), points.found);
        const items = [];
        for (let k = 0; k < count && items.length <= MOST_SEEN; k++) {
            const [item, x, y] = [points.grid.items[points.found[k]], ...this.#place(points.found[k])];
            if (x < view.west || x > view.east || y < view.south || y > view.north) continue;
            if (!points.leftOut(item)) items.push(item);
        }
        if (items.length > MOST_SEEN || this.#tooManyTexts(items.length, camera)) return [];
        items.sort((a, b) => a - b);
        this.#settle(camera, items);
        return items;
    }

    #tooManyTexts(count, { zoom }) {
        return this.album.kind === "snippets" && (count > MOST_TEXTS || zoom < TEXTS_FROM);
    }

    #place(place) {
        const { xy } = this.view.points.grid;
        return [xy[2 * place], xy[2 * place + 1]];
    }

    /** Choose the size of cards, 0 where they would hide the crowd. Panning keeps it, unless that halves or doubles. */
    #settle(camera, items) {
        const { scale, crowd } = this.settled ?? {};
        const count = items.length;
        if (scale === camera.scale && count < 2 * crowd && count > 0.5 * crowd) return;
        const side = CARD_SIDES.find((one, i) => this.#share(items, one) >= SHARES[i]) ?? 0;
        if (scale !== camera.scale || side !== this.settled.side) this.placed.clear();
        this.settled = { scale: camera.scale, crowd: items.length, side };
    }

    /** Which share of these items would get a card of this size. */
    #share(items, side) {
        const shelves = new Shelves();
        let count = 0;
        for (const item of items) {
            const [box] = this.#cardBoxes(item, side);
            if (!shelves.fits([box])) continue;
            shelves.put([box]);
            count++;
        }
        return count / Math.max(1, items.length);
    }

    #cardBoxes(item, side) {
        const [x, y] = this.#onPlane(item);
        const reach = (side + CARD_GAP) / 2;
        return [[x - reach, y - reach, x + reach, y + reach]];
    }

    /** Give each item the first of its boxes that is free. Those that stood already keep their places. */
    #arrange(items, boxesOf) {
        if (!items.length && !this.placed.size) return;
        const { land: { labels }, camera } = this.view;
        const shelves = new Shelves();
        shelves.put(this.flown.map(({ box }) => box));
        for (const label of labels.placed) {
            shelves.put(label.boxes ?? []);
            if (label.rank !== undefined) shelves.put([markBox(label, camera.scale)]);
        }
        const here = new Set(items);
        const before = [...this.placed].filter(([item]) => here.has(item));
        this.placed = new Map();
        const stand = (item, boxes) => {
            const box = boxes.find((one) => shelves.fits([one]));
            if (!box) return;
            shelves.put([box]);
            this.placed.set(item, box);
        };
        for (const [item, box] of before) stand(item, [box]);
        for (const item of items) if (!this.placed.has(item)) stand(item, boxesOf(item));
    }

    #onPlane(item) {
        const { points, camera } = this.view;
        return [points.xy[2 * item] * camera.scale, -points.xy[2 * item + 1] * camera.scale];
    }

    #cards(context, items, now) {
        const side = this.settled?.side ?? 0;
        const half = side / 2;
        const pictured = side ? items.filter((item) => this.album.of(item)?.look !== null) : [];
        this.#arrange(pictured, (item) => this.#cardBoxes(item, side));
        const { camera, points } = this.view;
        const known = [...this.placed.keys()].filter((item) => this.album.of(item));
        const order = known.sort((a, b) => points.xy[2 * b + 1] - points.xy[2 * a + 1]);
        for (const item of order) {
            const [x, y] = [camera.screenX(points.xy[2 * item]), camera.screenY(points.xy[2 * item + 1])];
            this.#drawItem(context, x, y, half, item, now);
        }
        return order.length;
    }

    #drawItem(context, x, y, half, item, now) {
        const { data, names, points, choices, marks } = this.view;
        const { theme } = data;
        const known = this.album.of(item);
        const dimmed = points.dims(item);
        context.globalAlpha = this.#opacity(known, now) * (dimmed ? 0.35 : 1);
        const marked = item === choices.selected || item === marks.hovered || marks.neighbours.includes(item);
        context.fillStyle = marked ? theme.accent : faded(theme.ink, 0.55);
        const outer = half + (marked ? 2.5 : 1);
        context.fillRect(x - outer, y - outer, 2 * outer, 2 * outer);
        drawCard(context, x, y, half, theme.panel, names.colours[points.codes[item]] ?? theme.ink, 2.2);
        const inner = half - 3;
        context.drawImage(known.look, x - inner, y - inner, 2 * inner, 2 * inner);
    }

    #texts(context, items, now) {
        const { camera, points, land: { labels }, data } = this.view;
        const { font, ink, halo } = data.theme;
        const face = `${SNIPPET_SIZE}px ${font}`;
        const style = { font: face, size: SNIPPET_SIZE, spacing: 0, fill: ink, halo: faded(halo, 0.8), haloWidth: 2 };
        this.#arrange(items.filter((item) => this.album.of(item)?.look), (item) => {
            const width = labels.sprites.measure(this.album.of(item).look, style) + 4;
            return besideOf(this.#onPlane(item), width, points.radius + 2);
        });
        const density = context.getTransform().a;
        for (const [item, [left, top, right, bottom]] of this.placed) {
            const known = this.album.of(item);
            const { canvas, width, height } = labels.sprites.get(known.look, style, density);
            const x = (left + right) / 2 - camera.x * camera.scale + camera.width / 2;
            const y = (top + bottom) / 2 + camera.y * camera.scale + camera.height / 2;
            context.globalAlpha = this.#opacity(known, now) * (points.dims(item) ? 0.35 : 1);
            context.drawImage(canvas, x - width / 2, y - height / 2, width, height);
        }
        return this.placed.size;
    }

    #opacity({ at }, now) {
        const share = clamp((now - at) / FADED_IN, 0, 1);
        this.soon ||= share < 1;
        return share;
    }
}

/** To the right of a point, to its left, above and below it. */
function besideOf([x, y], width, off) {
    const half = SNIPPET_SIZE * 0.62;
    const box = (left, middle) => [left, middle - half, left + width, middle + half];
    const [above, below] = [y - off - half, y + off + half];
    return [box(x + off, y), box(x - off - width, y), box(x - width / 2, above), box(x - width / 2, below)];
}
