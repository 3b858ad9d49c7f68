import { drawDragon, placedDragon } from "./dragons.js";
import { shortened } from "./geometry.js";
import { placedRealm } from "./realms.js";
import { Shelves } from "./shelves.js";
import { drawMark, dueTowns, gapsOf, MARK, markBox, placedTown, wishOf } from "./townnames.js";

const MOST_DRAGONS = 24;
const [LONGEST_REALM, LONGEST_TOWN] = [26, 24]; // characters of a name, as on paper
const ROUNDS = 3; // times that names are placed, until few enough are left out
const LEFT_OUT = 0.08; // of the towns that are due
const STALE = 1.3; // how far a glide may zoom before names are chosen anew
const NEAR_EDGE = 4; // CSS pixels between a name and the edge of what is seen at home

/** Chooses which names fit, so that none covers another. The choice depends on the zoom alone: panning keeps it. */
export class Labels {
    constructor(sprites) {
        Object.assign(this, { sprites, realms: [], towns: [], dragons: [], placed: [], due: 0, placedFor: "" });
    }

    setNames(names, theme, showing) {
        Object.assign(this, { theme, glyphs: names.glyphs });
        const text = (named, most) => shortened(showing.nameOf(named), most);
        const loud = (words) => (theme.fantasy ? words.toUpperCase() : words);
        const realms = names.realms.map((realm) => ({ ...realm, text: loud(text(realm, LONGEST_REALM)) }));
        const gaps = gapsOf(names.towns);
        const towns = names.towns.map((town, index) => {
            return { ...town, index, gap: gaps[index], text: text(town, LONGEST_TOWN) };
        });
        this.realms = showing.shows("realms") ? realms : [];
        this.towns = showing.shows("towns") ? towns : [];
        this.dragons = showing.shows("dragons") ? names.dragons.slice(0, MOST_DRAGONS) : [];
        this.placedFor = "";
    }

    /** `share` of their opacity is drawn. While the map is `gliding` through zooms they stay by what they name. */
    draw(context, camera, density, share = 1, gliding = false) {
        if (!gliding || !this.#isNear(camera.scale)) this.#place(camera);
        for (const label of this.placed) {
            if (!camera.shows(label.x, label.y, -Math.max(80, label.width ?? 0))) continue;
            const [x, y] = [camera.screenX(label.x), camera.screenY(label.y)];
            context.globalAlpha = share;
            if (label.dragon) drawDragon(context, x + label.dx, y + label.dy, label, { ...this, density });
            if (label.rank !== undefined) drawMark(context, x, y, label.rank, this.theme);
            context.globalAlpha = share * label.opacity;
            if (label.text) this.#drawName(context, x, y, label, density);
        }
        context.globalAlpha = 1;
    }

    /** The town whose mark is under a pixel, or nothing. */
    townAt(camera, px, py, reach) {
        return this.placed.find(({ x, y, rank }) =>
            rank !== undefined && Math.hypot(camera.screenX(x) - px, camera.screenY(y) - py) <= MARK[rank] + reach);
    }

    /** The dragon under a pixel, or nothing. */
    dragonAt(camera, px, py) {
        const within = ({ x, y, dx, dy, half, high }) =>
            Math.abs(camera.screenX(x) + dx - px) <= half && Math.abs(camera.screenY(y) + dy - py) <= high;
        return this.placed.find((label) => label.dragon && within(label));
    }

    /** What the names cover on screen, as [left, top, right, bottom] by name: for who wants to check. */
    boxes(camera) {
        const [right, down] = [camera.screenX(0), camera.screenY(0)];
        const moved = ([left, top, end, bottom]) => [left + right, top + down, end + right, bottom + down];
        return this.placed.map(({ text, boxes }) => ({ text, boxes: (boxes ?? []).map(moved) }));
    }

    #drawName(context, x, y, label, density) {
        const { canvas, width, height } = this.sprites.get(label.text, label.style, density);
        const snap = (value) => Math.round(value * density) / density;
        if (label.slanted && label.angle) {
            context.save();
            context.translate(x + label.dx, y + label.dy);
            context.rotate(-label.angle);
            context.drawImage(canvas, -width / 2, -height / 2, width, height);
            context.restore();
        } else {
            const [left, top] = [x + label.dx - width / 2, y + label.dy - height / 2];
            context.drawImage(canvas, snap(left), snap(top), width, height);
        }
    }

    #isNear(scale) {
        const ratio = scale / this.placedAt;
        return this.placedFor && ratio > 1 / STALE && ratio < STALE;
    }

    #place(camera) {
        const key = `${camera.scale}|${camera.width}|${camera.height}|${camera.aside}`;
        if (key === this.placedFor) return;
        Object.assign(this, { placedFor: key, placedAt: camera.scale });
        const due = dueTowns(this.towns, camera);
        const kept = this.reserve?.(camera) ?? [];
        let [first, placed] = [[], []];
        for (let round = 0; round < ROUNDS; round++) {
            placed = this.#placeAll(camera, due, first, kept);
            const towns = placed.filter(({ rank, text }) => rank !== undefined && text);
            const named = new Set(towns.map(({ index }) => index));
            const left = due.filter(({ index }) => !named.has(index));
            if (left.length <= LEFT_OUT * due.length) break;
            first = [...first, ...left].sort((a, b) => a.index - b.index);
        }
        this.placed = placed;
        this.due = due.length;
    }

    /**
     * Realms, then dragons, then the towns that are due; those that found no room before come `first`. The boxes
     * in `kept` stay free.
     */
    #placeAll(camera, due, first, kept) {
        const tools = { sprites: this.sprites, glyphs: this.glyphs };
        Object.assign(tools, { shelves: new Shelves(sheetAround(camera)), spared: new Shelves() });
        tools.shelves.put(kept);
        for (const town of due) {
            if (town.rank === 0) tools.shelves.put([markBox(town, camera.scale)]);
            tools.spared.put(wishOf(town, camera, this.theme, this.sprites));
        }
        const placeTowns = (towns) => towns.map((town) => placedTown(town, camera, this.theme, tools));
        const early = new Set(first);
        const before = placeTowns(first);
        const all = [
            ...this.realms.map((realm) => placedRealm(realm, camera, this.theme, tools)),
            ...this.dragons.map((dragon, i) => placedDragon(dragon, i, camera, this.theme, tools)),
            ...before,
            ...placeTowns(due.filter((town) => !early.has(town))),
        ];
        return all.filter(Boolean);
    }
}

/** What the screen shows at home, at this zoom, in pixels from the map's origin: no name leaves it. */
function sheetAround(camera) {
    const { x, y } = camera.home();
    const [middle, level] = [x * camera.scale, -y * camera.scale];
    const [half, tall] = [camera.width, camera.height].map((side) => (side * camera.zoom) / 2 - NEAR_EDGE);
    return [middle - half, level - tall, middle + half, level + tall];
}
