import { faded } from "./geometry.js";
import { Shelves } from "./shelves.js";

const BANNER_SIDES = [32, 25]; // CSS pixels of the picture by rank: capitals and cities
const BANNER_EDGE = 3; // of card around it
const BANNER_FOOT = [12, 10]; // from the middle of the mark to the card
const LEAN = 0.75; // of half a card, to a side where there is no room above
const MARK_TOP = [6, 5];
const MOST_BANNERS = 60;
const TIGHT = 520; // CSS pixels of map below which they are smaller

/** The banners above capitals and cities that fit at a scale, as {town, side, box}: pixels from the map's origin. */
export function bannersOn(towns, camera) {
    const flown = towns.filter(({ rank, item }) => rank < BANNER_SIDES.length && item >= 0).slice(0, 4 * MOST_BANNERS);
    const [taken, lesser] = [new Shelves(), new Shelves()];
    const spots = flown.map((town) => spotOf(town, camera));
    for (const { town, mark } of spots) (town.rank ? lesser : taken).put([mark]);
    const placed = [];
    for (const spot of spots) {
        const free = spot.boxes.filter((box) => taken.fits([box]));
        const box = free.find((one) => lesser.fits([one])) ?? (spot.town.rank ? undefined : free[0]);
        if (!box || placed.length >= MOST_BANNERS) continue;
        taken.put([box]);
        placed.push({ ...spot, box });
    }
    return placed;
}

function spotOf(town, camera) {
    const side = BANNER_SIDES[town.rank] * (camera.width < TIGHT ? 0.78 : 1);
    const [x, y] = [town.x * camera.scale, -town.y * camera.scale];
    const [half, foot] = [side / 2 + BANNER_EDGE, y - BANNER_FOOT[town.rank]];
    const radius = MARK_TOP[town.rank];
    const mark = [x - radius, y - radius, x + radius, y + radius];
    const boxes = [0, LEAN, -LEAN].map((lean) => [x + (lean - 1) * half, foot - 2 * half, x + (lean + 1) * half, foot]);
    return { town, side, mark, boxes };
}

/** A card of parchment on a short pole, the picture on it; (x, y) is the middle of the town's mark. */
export function drawBanner(context, x, y, { town, side, mark, box }, look, theme) {
    const half = side / 2 + BANNER_EDGE;
    const foot = y - BANNER_FOOT[town.rank];
    const middle = x + (box[0] + box[2] - mark[0] - mark[2]) / 2;
    context.fillStyle = theme.ink;
    context.fillRect(x - 0.9, foot, 1.8, y - MARK_TOP[town.rank] - foot);
    context.fillStyle = faded(theme.ink, 0.22);
    context.fillRect(middle - half + 1.5, foot - 2 * half + 2, 2 * half, 2 * half);
    drawCard(context, middle, foot - half, half, theme.panel, theme.ink, 1.5);
    context.drawImage(look, middle - side / 2, foot - half - side / 2, side, side);
}

/** A square card around (x, y) with a border. */
export function drawCard(context, x, y, half, ground, border, width) {
    context.fillStyle = ground;
    context.fillRect(x - half, y - half, 2 * half, 2 * half);
    context.lineWidth = width;
    context.strokeStyle = border;
    context.strokeRect(x - half + width / 2, y - half + width / 2, 2 * half - width, 2 * half - width);
}
