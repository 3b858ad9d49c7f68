import { faded } from "./geometry.js";

const BEAST = 46; // CSS pixels across
const CAPTION = 12;
const CLEAR = 9; // pixels kept free around the place itself: the items there are to be seen
const WORDS = { fantasy: "here be dragons", plain: "near nothing" };

/** Where a dragon is drawn, with its caption or without, or null where there is no room. */
export function placedDragon(dragon, index, camera, theme, { sprites, shelves, glyphs }) {
    const style = captionStyle(theme);
    const caption = sprites.measure(WORDS[theme.fantasy ? "fantasy" : "plain"], style);
    const tall = theme.fantasy ? (BEAST * glyphs.box[1]) / glyphs.box[0] : 0;
    for (const [text, width, below] of [[true, Math.max(caption, BEAST), CAPTION * 1.25], [false, BEAST, 0]]) {
        if (!text && !theme.fantasy) return null;
        const [half, high] = [width / 2 + 3, (tall + below) / 2 + 2];
        for (const [dx, dy] of around(half, high)) {
            const [x, y] = [dragon.x * camera.scale + dx, -dragon.y * camera.scale + dy];
            const box = [x - half, y - high, x + half, y + high];
            if (!shelves.fits([box])) continue;
            shelves.put([box]);
            return { ...dragon, index, dragon: true, style, caption: text, tall, dx, dy, half, high, boxes: [box] };
        }
    }
    return null;
}

export function drawDragon(context, x, y, label, { theme, sprites, glyphs, density }) {
    const top = y - label.high + 2;
    if (label.tall) {
        const look = { width: BEAST, fill: theme.ink, halo: faded(theme.halo, 0.85), haloWidth: 1.8 };
        const { canvas, width, height } = sprites.glyph("dragon", glyphs, look, density);
        context.drawImage(canvas, x - width / 2, top - look.haloWidth, width, height);
    }
    if (!label.caption) return;
    const words = WORDS[theme.fantasy ? "fantasy" : "plain"];
    const { canvas, width, height } = sprites.get(words, label.style, density);
    context.drawImage(canvas, x - width / 2, top + label.tall + (CAPTION * 1.25 - height) / 2, width, height);
}

function captionStyle({ font, ink, halo }) {
    const look = { fill: ink, halo: faded(halo, 0.82), haloWidth: 2.2 };
    return { font: `italic 400 ${CAPTION}px ${font}`, size: CAPTION, spacing: 0.2, ...look };
}

/** Above, below and beside the place, the best first. */
function around(half, high) {
    const [aside, above] = [half + CLEAR, high + CLEAR];
    return [
        [0, -above],
        [0, above],
        [aside, 0],
        [-aside, 0],
        [aside, -above],
        [-aside, -above],
        [aside, above],
        [-aside, above],
    ];
}
