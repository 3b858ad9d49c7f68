import { outlined } from "./borders.js";
import { clamp, faded, smoothStep } from "./geometry.js";
import { AROUND } from "./sheet.js";
import { dash, inSight, nearestLine, Stroke, trace } from "./strokes.js";

const ROAD_ROOM = 9000; // square pixels per road, at home
const PATHS_FROM = [1.2, 2]; // zoom at which paths begin to show, and are all there
const ROAD_WIDTHS = [2, 1.4, 1]; // pixels by rank, at home
const FERRY_WIDTH = 1.7;
const ROAD_BED = 3.4; // pixels of the pale bed below roads, at home
const PATH_DASHES = [3.5, 2.5];
const FERRY_DASHES = [1.5, 4];
const WAY_OPACITY = 0.85;
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
    }

    draw(context, camera, theme, density) {
        const seen = inSight(this.lines, camera);
        const look = { ...theme, grown: clamp(1 + 0.2 * Math.log2(camera.zoom), 0.8, 1.8) };
        const ferries = seen.filter(({ ferry }) => ferry);
        const ranks = [2, 1, 0].map((rank) => {
            const roads = seen.filter((road) => road.rank === rank && !road.ferry);
            return { rank, roads, opacity: this.opacity({ rank }, camera) };
        }).filter(({ roads, opacity }) => roads.length && opacity >= 0.02);
        context.lineJoin = context.lineCap = "round";
        for (const each of [drawBeds, drawRoads]) {
            for (const { rank, roads, opacity } of ranks) {
                context.globalAlpha = opacity;
                each(context, camera, roads, { ...look, rank });
            }
        }
        context.globalAlpha = 1;
        drawFerries(context, camera, ferries, look);
        for (const ferry of theme.fantasy ? ferries : []) this.#drawBoat(context, camera, ferry, theme, density);
        context.lineCap = "butt";
    }

    /** Ferries and roads between larger towns are always there, paths only closer up, where there is room for them. */
    opacity({ rank, ferry }, camera) {
        if (ferry || rank < 2) return 1;
        const room = (camera.width * camera.height * camera.zoom ** 2) / ROAD_ROOM;
        return smoothStep(room / Math.max(1, this.lines.length), 0.5, 1) * smoothStep(camera.zoom, ...PATHS_FROM);
    }

    under(camera, place) {
        return nearestLine(this.lines, camera, place, (road) => this.opacity(road, camera) >= SEEN);
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

/** What keeps roads legible on any tint; it lies below all of them. */
function drawBeds(context, camera, roads, { grown, halo }) {
    context.beginPath();
    for (const { stroke } of roads) trace(context, stroke, camera);
    outlined(context, faded(halo, 0.55), ROAD_BED * grown);
}

/** The greater the wider; paths are dashed. */
function drawRoads(context, camera, roads, { rank, grown, road }) {
    if (rank === 2) return dashed(context, camera, roads, { colour: road, width: ROAD_WIDTHS[2], grown }, PATH_DASHES);
    context.beginPath();
    for (const { stroke } of roads) trace(context, stroke, camera);
    outlined(context, faded(road, WAY_OPACITY), ROAD_WIDTHS[rank] * grown);
}

function drawFerries(context, camera, ferries, { grown, ink }) {
    dashed(context, camera, ferries, { colour: ink, width: FERRY_WIDTH, grown }, FERRY_DASHES);
}

function dashed(context, camera, lines, { colour, width, grown }, pattern) {
    context.strokeStyle = faded(colour, WAY_OPACITY);
    context.lineWidth = width * grown;
    dash(context, lines, camera, pattern.map((length) => length * grown));
}
