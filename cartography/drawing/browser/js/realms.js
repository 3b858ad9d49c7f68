import { clamp, faded, smoothStep } from "./geometry.js";

const LARGE = 30; // CSS pixels of a realm's name at most
const LEAST = [13, 11]; // at least, on wide and on narrow screens
const PLAIN_LARGE = 19;
const STEEPEST = 0.9; // radians
const BENT = 0.42; // radians that a long name turns over its length
const FITS = [0.7, 1.25]; // a realm's run as a share of the screen's diagonal, over which its name bows out
const LONGEST_NAME = 1.7; // of its land's run: a name that reaches farther waits until one is closer
const SMALLER = [1, 0.85, 0.7, 0.55];
const ASIDE = [0, 0.8, -0.8, 1.5, -1.5, 2.3, -2.3];
const NEARBY = 0.35; // of its land's run: no name stands farther from it
const SIMPLE = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{N}\p{P}\p{Z}]*$/u;

/** Where a realm's name stands, or null where there is no room: large, along its land, on no city's mark. */
export function placedRealm(realm, camera, theme, { sprites, shelves, spared }) {
    const run = realm.length * camera.scale;
    const opacity = 1 - smoothStep(run / Math.hypot(camera.width, camera.height), ...FITS);
    if (opacity < 0.05) return null;
    let best = null;
    for (const label of realmTries(realm, run, camera, theme, sprites)) {
        if (best && label.cost >= best.cost) continue;
        const boxes = boxesAlong(label, camera.scale);
        if (!shelves.fits(boxes)) continue;
        const cost = label.cost + 2 * spared.hits(boxes);
        if (!best || cost < best.cost) best = { ...label, cost, boxes, opacity };
        if (cost === 0) break;
    }
    if (best) shelves.put(best.boxes);
    return best;
}

/** The same name ever smaller, and for each size ever farther to the side of its line. */
function* realmTries(realm, run, camera, theme, sprites) {
    const least = LEAST[camera.width < 520 ? 1 : 0];
    const letters = Math.max(2, [...realm.text].length);
    const best = clamp((0.84 * run) / letters, least, theme.fantasy ? LARGE : PLAIN_LARGE);
    let last = 0;
    for (const [smaller, share] of SMALLER.entries()) {
        const size = Math.max(least, Math.round(best * share));
        if (size === last) return;
        last = size;
        const style = realmStyle(realm, run, size, letters, theme, sprites);
        const width = sprites.measure(realm.text, style);
        if (width > LONGEST_NAME * run) continue;
        const angle = theme.fantasy && width <= 1.3 * run ? clamp(realm.angle, -STEEPEST, STEEPEST) : 0;
        for (const [farther, aside] of ASIDE.entries()) {
            if (Math.abs(aside) * size > NEARBY * run) continue;
            const [dx, dy] = [aside * size * Math.sin(angle), aside * size * Math.cos(angle)];
            const cost = 2.5 * smaller + farther;
            yield { ...realm, rank: undefined, slanted: true, angle, width, style, dx, dy, cost };
        }
    }
}

function realmStyle({ code, text }, run, size, letters, theme, sprites) {
    const { titleFont, accent, halo, fantasy } = theme;
    const font = `600 ${size}px ${titleFont}`;
    const look = { font, size, fill: accent, halo: faded(halo, 0.7), haloWidth: Math.max(1.7, size / 12) };
    if (!fantasy) return { ...look, spacing: 0.2, bend: 0 };
    const spacing = Math.round(clamp((0.8 * run) / letters - 0.72 * size, 0.1 * size, 0.8 * size));
    if (!SIMPLE.test(text)) return { ...look, spacing: 0, bend: 0 }; // letters that join must not be pulled apart
    const long = sprites.measure(text, { font, spacing });
    const bend = Math.round(100 * BENT * Math.min(1, long / (9 * size))) / 100;
    return { ...look, spacing, bend: code % 2 ? bend : -bend };
}

/** A slanted or bent name as a row of upright boxes. */
function boxesAlong({ x, y, dx, dy, angle, width, style }, scale) {
    const [middleX, middleY] = [x * scale + dx, -y * scale + dy];
    const { size, bend } = style;
    const count = Math.max(1, Math.ceil(width / (1.1 * size)));
    const step = width / count;
    return Array.from({ length: count }, (_, i) => {
        const along = ((i + 0.5) / count - 0.5) * width;
        const turn = bend ? (along / width) * bend : 0;
        const right = bend ? (width / bend) * Math.sin(turn) : along;
        const down = bend ? (width / bend) * (1 - Math.cos(turn)) : 0;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const [cx, cy] = [middleX + right * cos + down * sin, middleY - right * sin + down * cos];
        const [levelly, steeply] = [Math.abs(Math.cos(turn - angle)), Math.abs(Math.sin(turn - angle))];
        const half = (step / 2) * levelly + 0.5 * size * steeply;
        const tall = 0.56 * size * levelly + (step / 2) * steeply;
        return [cx - half, cy - tall, cx + half, cy + tall];
    });
}
