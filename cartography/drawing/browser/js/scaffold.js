import { faded, shortened } from "./geometry.js";
import { floorLines, placeIn } from "./turntable.js";

const ARM = 30; // CSS pixels of an arm of the small axes
const OFF_CORNER = [76, 62]; // of their middle from the right and the lower edge
const PAST_END = 10; // from its end to the middle of its name, up or down
const ARROW = 5;
const LONGEST_AXIS = 20;
const MARGIN_OF_NAMES = 8;

/** What tells up from down in three dimensions: a floor of lines, and the axes in a corner. */
export function drawFloor(context, camera, orbit, theme) {
    const { pose, cloud: { lie }, share } = orbit;
    const spot = (place) => onScreen(camera, placeIn(pose, ...place));
    context.lineWidth = 1;
    context.strokeStyle = faded(theme.ink, 0.2 * share);
    context.beginPath();
    for (const [from, to] of floorLines(lie)) {
        context.moveTo(...spot(from));
        context.lineTo(...spot(to));
    }
    context.stroke();
}

/** A plumb line from an item down to the floor. */
export function drawPlumb(context, camera, { pose, cloud, share }, item, theme) {
    const foot = onScreen(camera, placeIn(pose, ...cloud.points.at(item), cloud.lie.floor));
    context.beginPath();
    context.moveTo(...onScreen(camera, cloud.at(item)));
    context.lineTo(...foot);
    context.setLineDash([3, 3]);
    context.lineWidth = 1.2;
    context.strokeStyle = faded(theme.ink, 0.7 * share);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.arc(...foot, 2, 0, 2 * Math.PI);
    context.fillStyle = context.strokeStyle;
    context.fill();
}

/** The three axes as they lie now, with their names where they mean anything; the farthest is drawn first. */
export function drawAxes(context, { width, height }, { pose, share }, names, theme) {
    const { right, up, toward } = pose;
    const arms = [0, 1, 2].map((axis) => ({ across: right[axis], down: -up[axis], near: toward[axis], axis }));
    context.font = `600 12px ${theme.font}`;
    context.textBaseline = "middle";
    const texts = [0, 1, 2].map((axis) => shortened(names[axis] ?? "", LONGEST_AXIS));
    const longest = Math.max(...texts.map((text) => context.measureText(text).width));
    const aside = Math.min(Math.max(OFF_CORNER[0], longest + ARM + PAST_END + MARGIN_OF_NAMES), width / 2);
    const middle = [width - aside, height - OFF_CORNER[1]];
    for (const { across, down, axis } of arms.sort((a, b) => a.near - b.near)) {
        context.globalAlpha = share;
        const colour = axis === 2 ? theme.accent : theme.ink;
        drawArm(context, middle, [across, down], { colour, halo: theme.halo });
        context.globalAlpha = share * Math.min(1, 3 * Math.hypot(across, down)); // one that points at us has no end
        if (texts[axis]) writeName(context, texts[axis], middle, [across, down], { colour, halo: theme.halo, width });
    }
    context.globalAlpha = 1;
    context.textBaseline = "alphabetic";
}

function drawArm(context, [x, y], [across, down], { colour, halo }) {
    const [endX, endY] = [x + ARM * across, y + ARM * down];
    const long = Math.hypot(across, down);
    const head = ARROW * Math.min(1, 2 * long);
    const [dx, dy] = long > 0.01 ? [across / long, down / long] : [0, 0];
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(endX, endY);
    for (const side of [-1, 1]) {
        context.moveTo(endX - head * (dx - 0.6 * side * dy), endY - head * (dy + 0.6 * side * dx));
        context.lineTo(endX, endY);
    }
    for (const [line, stroke] of [[4.5, faded(halo, 0.75)], [1.8, colour]]) {
        context.lineWidth = line;
        context.strokeStyle = stroke;
        context.stroke();
    }
}

/** Beyond the end of an arm, and never over the edge of the picture. */
function writeName(context, text, [x, y], [across, down], { colour, halo, width }) {
    const long = context.measureText(text).width;
    const [endX, endY] = [x + (ARM + PAST_END) * across, y + (ARM + PAST_END) * down];
    const left = endX - long * (0.5 - 0.5 * Math.sign(across) * Math.min(1, 3 * Math.abs(across)));
    const at = Math.max(MARGIN_OF_NAMES, Math.min(left, width - MARGIN_OF_NAMES - long));
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    context.strokeStyle = faded(halo, 0.85);
    context.strokeText(text, at, endY);
    context.fillStyle = colour;
    context.fillText(text, at, endY);
}

function onScreen(camera, [u, v]) {
    return [camera.screenX(u), camera.screenY(v)];
}
