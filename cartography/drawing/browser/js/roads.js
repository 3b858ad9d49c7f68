import { outlined } from "./borders.js";
import { clamp, faded, mixedHex, smoothStep } from "./geometry.js";
import { AROUND } from "./sheet.js";
import { dash, inSight, nearestLine, Stroke, trace } from "./strokes.js";

const ROAD_ROOM = 9000; // square pixels per road, at home
const PATHS_FROM = [1.2, 2]; // zoom at which paths begin to show, and are all there
const SEEN = 0.35; // opacity from which a road can be pointed at
const BOW = 0.16; // of a ferry's length, by which a straight one is bent
const BOAT_WIDTH = 24;
const BOAT_FROM = 56; // pixels of way that a boat needs

/** What ties towns together in the original space: roads on land, ferries over the sea. */
export class Roads {
    constructor(sprites) {
        this.sprites = sprites;
        this.setRoads([], {});
    }

    setRoads(roads, glyphs) {
        this.glyphs = glyphs;
        this.lines = roads.map((road) => roadOf(road));
        this.upTo = [0, 1, 2].map((rank) => roads.filter((road) => road.rank <= rank).length);
    }

    draw(context, camera, theme, density) {
        const seen = inSight(this.lines, camera);
        const brown = mixedHex(theme.ink, theme.accent, 0.35);
        const width = clamp(1.5 + 0.3 * Math.log2(camera.zoom), 1.2, 2.8);
        context.lineJoin = context.lineCap = "round";
        for (const rank of [2, 1, 0]) {
            context.globalAlpha = this.opacity(rank, camera);
            if (context.globalAlpha < 0.02) continue;
            const [ferries, roads] = [true, false].map((ferry) =>
                seen.filter((road) => road.rank === rank && road.ferry === ferry));
            drawRoads(context, camera, roads, { rank, width, brown, halo: theme.halo });
            drawFerries(context, camera, ferries, { width, brown, halo: theme.halo });
            for (const ferry of theme.fantasy ? ferries : []) this.#drawBoat(context, camera, ferry, theme, density);
        }
        context.lineCap = "butt";
        context.globalAlpha = 1;
    }

    /** Main roads first, more as there is more room for them, paths only closer up. */
    opacity(rank, camera) {
        const room = (camera.width * camera.height * camera.zoom ** 2) / ROAD_ROOM;
        const fits = smoothStep(room / Math.max(1, this.upTo[rank]), 0.5, 1);
        if (rank === 0) return Math.max(0.8, fits);
        return rank === 2 ? fits * smoothStep(camera.zoom, ...PATHS_FROM) : fits;
    }

    under(camera, place) {
        const shown = [0, 1, 2].map((rank) => this.opacity(rank, camera) >= SEEN);
        return nearestLine(this.lines, camera, place, ({ rank }) => shown[rank]);
    }

    #drawBoat(context, camera, { middle }, { ink, halo }, density) {
        if (middle.length * camera.scale < BOAT_FROM || !camera.shows(middle.x, middle.y, -AROUND)) return;
        const look = { width: BOAT_WIDTH, fill: ink, halo: faded(halo, 0.9), haloWidth: 1.6 };
        const { canvas, width, height } = this.sprites.glyph("boat", this.glyphs, look, density);
        const [x, y] = [camera.screenX(middle.x), camera.screenY(middle.y)];
        context.drawImage(canvas, x - width / 2, y - 0.62 * height, width, height);
    }
}

function roadOf(road) {
    const stroke = new Stroke(road.ferry && road.line.length === 4 ? bowed(road.line) : road.line);
    return { ...road, stroke, middle: stroke.middle };
}

/** A bow in place of a straight line: it bulges to the left of its way. */
function bowed([x0, y0, x1, y1]) {
    const [dx, dy] = [x1 - x0, y1 - y0];
    return Array.from({ length: 17 }, (_, i) => {
        const t = i / 16;
        const bulge = 4 * BOW * t * (1 - t);
        return [x0 + t * dx - bulge * dy, y0 + t * dy + bulge * dx];
    }).flat();
}

/** Main roads are double lines, roads are brown, paths are dashed. */
function drawRoads(context, camera, roads, { rank, width, brown, halo }) {
    if (!roads.length) return;
    context.beginPath();
    for (const { stroke } of roads) trace(context, stroke, camera);
    if (rank === 0) {
        outlined(context, brown, 1.7 * width + 1.6);
        outlined(context, halo, 1.7 * width - 0.6);
        return;
    }
    outlined(context, faded(halo, 0.5), width + (rank === 1 ? 2.2 : 1.2));
    if (rank === 1) return outlined(context, brown, width);
    context.strokeStyle = brown;
    context.lineWidth = 0.75 * width;
    dash(context, roads, camera, [2.6 * width, 2.6 * width]);
}

/** Ferries are dashes and dots by turns: no other line is. */
function drawFerries(context, camera, ferries, { width, brown, halo }) {
    if (!ferries.length) return;
    const strokes = [[faded(halo, 0.6), width + 2], [brown, width]];
    for (const [colour, thick] of strokes) {
        context.strokeStyle = colour;
        context.lineWidth = thick;
        dash(context, ferries, camera, [4 * width, 3.2 * width, 0.1, 3.2 * width]);
    }
}
