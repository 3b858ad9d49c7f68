import { clamp, faded, shortened, smoothStep } from "./geometry.js";
import { Shelves } from "./shelves.js";

const TOWN_SIZES = [17, 15, 13.5, 12.5, 12]; // CSS pixels by rank, capital first
const TOWN_FACES = ["bold", "bold", "", "italic", "italic"];
const MARK = [6, 5, 4, 3.2, 2.6]; // radius of the mark by rank
const ROOM = 15000; // square pixels per town name, at home
const SOFTENED = 0.82;
const EDGE = 4; // CSS pixels between a name and the edge of the screen
const NARROW = 520; // CSS pixels of width below which names are smaller

/** Chooses which names fit, so that none covers another. The choice depends on the zoom alone: panning keeps it. */
export class Labels {
    constructor(sprites) {
        this.sprites = sprites;
        this.realms = [];
        this.towns = [];
        this.placed = [];
        this.placedFor = "";
    }

    setNames(names, theme) {
        this.theme = theme;
        this.realms = names.realms.map((realm) => ({ ...realm, text: shortened(realm.name, 32).toLocaleUpperCase() }));
        this.towns = names.towns.map((town) => ({ ...town, text: shortened(town.name, 34) }));
        this.placedFor = "";
    }

    /** `share` of their opacity is drawn. */
    draw(context, camera, density, share = 1) {
        this.#place(camera);
        for (const label of this.placed) {
            if (!camera.shows(label.x, label.y, -Math.max(80, label.width))) continue;
            const [x, y] = [camera.screenX(label.x), camera.screenY(label.y)];
            context.globalAlpha = share;
            if (label.rank !== undefined) drawMark(context, x, y, label.rank, this.theme);
            context.globalAlpha = share * label.opacity;
            this.#drawName(context, x, y, label, density);
        }
        context.globalAlpha = 1;
    }

    /** The item at which the town under a pixel stands, or -1. */
    townAt(camera, px, py, reach) {
        for (const { x, y, rank, item } of this.placed) {
            if (rank === undefined) continue;
            if (Math.hypot(camera.screenX(x) - px, camera.screenY(y) - py) <= MARK[rank] + reach) return item;
        }
        return -1;
    }

    #drawName(context, x, y, label, density) {
        const { canvas, width, height } = this.sprites.get(label.text, label.style, density);
        const snap = (value) => Math.round(value * density) / density;
        if (label.slanted) {
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

    #place(camera) {
        const key = `${camera.scale}|${camera.width}|${camera.height}`;
        if (key === this.placedFor) return;
        this.placedFor = key;
        this.placed = [];
        const shelves = new Shelves();
        shelves.put(this.reserve?.(camera) ?? []);
        for (const realm of this.realms) this.#placeRealm(realm, camera, shelves);
        const most = Math.ceil(((camera.width * camera.height) / ROOM) * camera.zoom ** 2);
        for (const town of this.towns.slice(0, most)) this.#placeTown(town, camera, shelves);
    }

    /** A realm's name runs along its land, in spaced capitals; it bows out when the realm fills the screen. */
    #placeRealm(realm, camera, shelves) {
        const run = realm.length * camera.scale;
        const style = this.#realmStyle(realm.text, run, camera.width < NARROW ? 11 : 13);
        const width = this.sprites.measure(realm.text, style);
        const opacity = 1 - smoothStep(run / Math.hypot(camera.width, camera.height), 0.9, 1.6);
        if (opacity < 0.05) return;
        const angle = clamp(realm.angle, -0.9, 0.9);
        const [x, y] = [realm.x * camera.scale, -realm.y * camera.scale];
        for (const lines of [0, -1, 1]) {
            const [dx, dy] = [lines * style.size * Math.sin(angle) * 1.2, lines * style.size * Math.cos(angle) * 1.2];
            const boxes = boxesAlong(x + dx, y + dy, angle, width, style.size);
            if (!shelves.fits(boxes)) continue;
            shelves.put(boxes);
            this.placed.push({ ...realm, rank: undefined, slanted: true, angle, width, style, opacity, dx, dy });
            return;
        }
    }

    #realmStyle(text, run, least) {
        const letters = Math.max(2, [...text].length);
        const size = Math.round(clamp((0.8 * run) / (letters * 0.95), least, 30));
        const spacing = Math.round(clamp((0.8 * run) / letters - 0.72 * size, 0.12 * size, 0.9 * size));
        const { titleFont, accent, halo } = this.theme;
        const font = `600 ${size}px ${titleFont}`;
        return { font, size, spacing, fill: accent, halo: faded(halo, 0.7), haloWidth: Math.max(1.7, size / 12) };
    }

    #placeTown(town, camera, shelves) {
        const size = TOWN_SIZES[town.rank];
        const { font, ink, halo } = this.theme;
        const style = {
            font: `${TOWN_FACES[town.rank]} ${size}px ${font}`,
            size,
            spacing: 0.2,
            fill: ink,
            halo: faded(halo, SOFTENED),
            haloWidth: 2.4,
        };
        const width = this.sprites.measure(town.text, style);
        const [x, y] = [town.x * camera.scale, -town.y * camera.scale];
        const mark = around(x, y, MARK[town.rank] + 1, MARK[town.rank] + 1);
        if (!shelves.fits([mark])) return;
        const spots = spotsFor(width, size, MARK[town.rank]);
        const [low, high] = sidesOf(camera);
        const cut = ([dx]) => x + dx - width / 2 < low || x + dx + width / 2 > high;
        for (const [dx, dy] of [...spots.filter((spot) => !cut(spot)), ...spots.filter(cut)]) {
            const box = around(x + dx, y + dy, width / 2 + 4, size * 0.62 + 1);
            if (!shelves.fits([box])) continue;
            shelves.put([mark, box]);
            this.placed.push({ ...town, angle: 0, width, style, opacity: 1, dx, dy });
            return;
        }
    }
}

/** The left and right edge of what the screen shows at home, at this zoom: names rather stay within them. */
function sidesOf(camera) {
    const middle = camera.home().x * camera.scale;
    const half = (camera.width * camera.zoom) / 2 - EDGE;
    return [middle - half, middle + half];
}

function around(x, y, halfWidth, halfHeight) {
    return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

/** A slanted name as a row of upright boxes. */
function boxesAlong(x, y, angle, width, size) {
    const count = Math.max(1, Math.ceil(width / (1.5 * size)));
    const step = width / count;
    return Array.from({ length: count }, (_, i) => {
        const along = (i + 0.5 - count / 2) * step;
        const half = (step / 2) * Math.abs(Math.cos(angle)) + 0.3 * size * Math.abs(Math.sin(angle));
        const tall = 0.62 * size + (step / 2) * Math.abs(Math.sin(angle));
        return around(x + along * Math.cos(angle), y - along * Math.sin(angle), half, tall);
    });
}

/** Where a town's name may stand beside its mark, the best place first. */
function spotsFor(width, size, mark) {
    const aside = mark + 4 + width / 2;
    const above = mark + 2 + size * 0.62;
    return [
        [aside, 0],
        [-aside, 0],
        [0, -above],
        [0, above],
        [aside * 0.8, -above * 0.8],
        [-aside * 0.8, -above * 0.8],
        [aside * 0.8, above * 0.8],
        [-aside * 0.8, above * 0.8],
    ];
}

/** A town's mark: rings for capitals and cities, dots for the rest. */
export function drawMark(context, x, y, rank, { ink, halo, accent }) {
    const radius = MARK[rank];
    disc(context, x, y, radius, halo, ink, rank < 3 ? 1.4 : 1.1);
    if (rank === 0) disc(context, x, y, radius - 3, accent, accent, 1);
    if (rank === 1) disc(context, x, y, radius - 3, ink, ink, 0.6);
    if (rank === 2) disc(context, x, y, radius - 2.6, ink, ink, 0.2);
}

function disc(context, x, y, radius, fill, line, width) {
    context.beginPath();
    context.arc(x, y, Math.max(0.5, radius), 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    context.lineWidth = width;
    context.strokeStyle = line;
    context.stroke();
}
