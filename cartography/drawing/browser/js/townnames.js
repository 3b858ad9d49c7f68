import { faded, smoothStep } from "./geometry.js";

const TOWN_SIZES = [16, 14, 13, 12, 11.5]; // CSS pixels by rank
const TOWN_FACES = ["small-caps 700", "small-caps 600", "400", "italic 400", "italic 400"]; // of a fantasy map
export const MARK = [6, 5, 4, 3.2, 2.6]; // radius of the mark by rank
const APART = [34, 42, 54, 64, 70]; // pixels to the nearest greater town from which a town is due, by rank
const AT_HOME = 1.1; // times as far on the whole map: there the realms are read
const CLOSE_UP = 5; // zoom from which towns stand as close as they may
const SOFTENED = 0.82;
const CORNERS = [0.8, 0.45].flatMap((a) => [[a, -1], [-a, -1], [a, 1], [-a, 1]]); // of a mark, for its name
const SHRUNK = 0.86;

/** How far each town is from the nearest one that is more important, in map units. */
export function gapsOf(towns) {
    const [xs, ys] = ["x", "y"].map((axis) => Float64Array.from(towns, (town) => town[axis]));
    return xs.map((x, i) => {
        let least = Infinity;
        for (let j = 0; j < i; j++) {
            const [dx, dy] = [xs[j] - x, ys[j] - ys[i]];
            const squared = dx * dx + dy * dy;
            if (squared < least) least = squared;
        }
        return Math.sqrt(least);
    });
}

/** The towns that a zoom calls for: those that stand clear of all greater ones. None is lost as one zooms in. */
export function dueTowns(towns, camera) {
    const closeness = smoothStep(Math.log2(camera.zoom), 0, Math.log2(CLOSE_UP));
    const stretch = AT_HOME + (1 - AT_HOME) * closeness;
    return towns.filter(({ gap, rank }) => gap * camera.scale >= APART[rank] * stretch);
}

/**
 * Where a town's name stands beside its mark. Without room for it capitals and cities keep their mark, others
 * are left out (null). Marks of capitals are on the shelves already.
 */
export function placedTown(town, camera, theme, { sprites, shelves }) {
    const [x, y] = [town.x * camera.scale, -town.y * camera.scale];
    const radius = MARK[town.rank];
    const mark = town.rank === 0 ? [] : [markBox(town, camera.scale)];
    if (!shelves.fits(mark)) return null;
    for (const share of [1, SHRUNK]) {
        const size = TOWN_SIZES[town.rank] * share;
        const style = nameStyle(town.rank, size, theme);
        const width = sprites.measure(town.text, style);
        for (const [dx, dy] of spotsFor(width, size, radius)) {
            const [half, tall] = [width / 2 + 2.5, size * 0.62 + 0.5];
            const box = [x + dx - half, y + dy - tall, x + dx + half, y + dy + tall];
            if (!shelves.fits([box])) continue;
            shelves.put([...mark, box]);
            return { ...town, angle: 0, width, style, opacity: 1, dx, dy, boxes: [box] };
        }
    }
    if (town.rank > 1) return null;
    shelves.put(mark);
    return { ...town, text: "", angle: 0, width: 0, style: {}, opacity: 1, dx: 0, dy: 0, boxes: [] };
}

/** The mark of a town and, for the greater ones, a name on its right: what realm names had better leave free. */
export function wishOf(town, camera, theme, sprites) {
    const mark = markBox(town, camera.scale);
    if (town.rank > 2) return [mark];
    const size = TOWN_SIZES[town.rank];
    const width = sprites.measure(town.text, nameStyle(town.rank, size, theme));
    return [mark, [mark[2], (mark[1] + mark[3]) / 2 - size / 2, mark[2] + width, (mark[1] + mark[3]) / 2 + size / 2]];
}

/** What the mark of a town covers, in pixels from the map's origin. */
export function markBox({ x, y, rank }, scale) {
    const half = MARK[rank] + 1;
    return [x * scale - half, -y * scale - half, x * scale + half, -y * scale + half];
}

/** How a town's name is written. */
export function nameStyle(rank, size, { font, ink, halo, fantasy }) {
    const face = fantasy ? TOWN_FACES[rank] : TOWN_FACES[rank].replace(/italic |small-caps /, "");
    const look = { fill: ink, halo: faded(halo, SOFTENED), haloWidth: 2.4 };
    return { font: `${face} ${size}px ${font}`, size, spacing: 0.2, ...look };
}

/** Where a name may stand beside a mark, the best place first; mostly the first is free. */
function* spotsFor(width, size, mark) {
    const aside = mark + 4 + width / 2;
    const above = mark + 2 + size * 0.62;
    yield [aside, 0];
    yield* [
        [-aside, 0],
        [0, -above],
        [0, above],
        ...CORNERS.map(([across, down]) => [across * aside, down * above]),
        [aside, -0.55 * size],
        [-aside, -0.55 * size],
        [aside, 0.55 * size],
        [-aside, 0.55 * size],
    ];
}

/** A town's mark: a ring, with a heart for capitals and cities. */
export function drawMark(context, x, y, rank, { ink, halo, accent }) {
    const radius = MARK[rank];
    disc(context, x, y, radius, halo, ink, rank < 3 ? 1.4 : 1.1);
    if (rank === 0) disc(context, x, y, radius - 3, accent, accent, 1);
    if (rank === 1) disc(context, x, y, radius - 3, ink, ink, 0.6);
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
