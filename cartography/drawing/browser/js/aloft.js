import { Shelves } from "./shelves.js";
import { drawMark, MARK, nameStyle } from "./townnames.js";

const LEAST_RANK = 1; // capitals and cities
const MOST_ALOFT = 40;
const SIZES_ALOFT = [15, 13]; // CSS pixels by rank
const PALEST = 0.5;

/**
 * Names of capitals and cities at the places of their items in three dimensions, as far as none covers another. The
 * greater go first however one turns, so that names seldom come and go.
 */
export function drawNamesAloft(context, camera, orbit, { sprites, towns, theme }, density) {
    const shelves = new Shelves([4, 4, camera.width - 4, camera.height - 4]);
    const named = towns.filter(({ rank, item, text }) => rank <= LEAST_RANK && item >= 0 && text).slice(0, MOST_ALOFT);
    for (const { rank, item, text } of named) {
        const [u, v, near] = orbit.cloud.at(item);
        const [x, y] = [camera.screenX(u), camera.screenY(v)];
        const size = SIZES_ALOFT[rank];
        const style = nameStyle(rank, size, theme);
        const box = roomFor(x, y, sprites.measure(text, style) + 5, size, MARK[rank], shelves);
        if (!box) continue;
        context.globalAlpha = orbit.share * Math.min(1, Math.max(PALEST, 0.8 + 0.3 * near));
        drawMark(context, x, y, rank, theme);
        const { canvas, width, height } = sprites.get(text, style, density);
        const snap = (value) => Math.round(value * density) / density;
        const [left, top] = [(box[0] + box[2] - width) / 2, (box[1] + box[3] - height) / 2];
        context.drawImage(canvas, snap(left), snap(top), width, height);
    }
    context.globalAlpha = 1;
}

/** The first free box for a name above, below or beside its mark, taken together with the mark; or nothing. */
function roomFor(x, y, wide, size, mark, shelves) {
    const tall = size * 1.3;
    const [above, beside] = [mark + 2 + tall / 2, mark + 3 + wide / 2];
    const own = [x - mark, y - mark, x + mark, y + mark];
    for (const [dx, dy] of [[0, -above], [beside, 0], [-beside, 0], [0, above]]) {
        const [left, top] = [x + dx - wide / 2, y + dy - tall / 2];
        const box = [left, top, left + wide, top + tall];
        if (!shelves.fits([own, box])) continue;
        shelves.put([own, box]);
        return box;
    }
    return null;
}
