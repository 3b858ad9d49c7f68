import { drawNamesAloft } from "./aloft.js";
import { tell } from "./facts.js";
import { drawAxes, drawFloor, drawPlumb } from "./scaffold.js";

/**
 * Paint the map as it is now, from the sea up: tiles, fog, borders, roads, items, names, marks. Items on their way,
 * and those risen into three dimensions, are drawn in place of the points, without land.
 */
export function paint(view, now) {
    const { context, camera, panel, pace, data, tiles, splat, land, marks, forming, orbit, names } = view;
    const { drawable, showing } = view;
    const finest = devicePixelRatio || 1;
    const density = pace.density(finest, now);
    panel.fitCanvas(camera, density);
    context.setTransform(density, 0, 0, density, 0, 0);
    wash(context, camera, data.theme.sea, 1);
    forming.step(now);
    orbit.step(now);
    const veil = Math.max(forming.veil, orbit.veil);
    const seen = 1 - veil;
    if (!forming.hidesLand && !orbit.hidesLand) tiles.draw(context, camera, density, finest, now);
    if (veil) wash(context, camera, data.theme.sea, veil);
    const gliding = view.motion.moving || orbit.moving;
    if (seen) land.drawGround(context, camera, data, { share: seen, density, gliding });
    if (orbit.active) drawBelow(view);
    const items = forming.active || (drawable && showing.shows("items"));
    if (items) splat.draw(context, view.seen, camera, density);
    if (seen) land.labels.draw(context, camera, density, seen, gliding);
    if (orbit.active) drawAbove(view, density);
    else if (!forming.active) land.drawAxes(context, camera);
    const choices = view.seen === view.points ? view.choices : { ...view.choices, steps: [] };
    marks.draw(context, camera, view.seen, choices, data.theme, names?.colours);
    view.pictures.draw(context, now);
    view.minimap.draw(camera, data, tiles);
    view.furniture.draw(camera, data, showing);
    tell(view, drawable);
}

function drawBelow({ context, camera, orbit, choices, data }) {
    drawFloor(context, camera, orbit, data.theme);
    if (choices.selected !== null) drawPlumb(context, camera, orbit, choices.selected, data.theme);
}

function drawAbove({ context, camera, orbit, land, names, data }, density) {
    if (land.names) drawNamesAloft(context, camera, orbit, land.labels, density);
    drawAxes(context, camera, orbit, names?.sides ?? [], data.theme);
}

function wash(context, { width, height }, colour, opacity) {
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
}
