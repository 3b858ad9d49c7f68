import { tell } from "./facts.js";

/**
 * Paint the map as it is now, from the sea up: tiles, fog, borders, roads, items, names, marks. Items on their way
 * are drawn in place of the points, without land.
 */
export function paint(view, now) {
    const { context, camera, panel, pace, data, tiles, splat, land, marks, forming, names, drawable, showing } = view;
    const finest = devicePixelRatio || 1;
    const density = pace.density(finest, now);
    panel.fitCanvas(camera, density);
    context.setTransform(density, 0, 0, density, 0, 0);
    wash(context, camera, data.theme.sea, 1);
    forming.step(now);
    const seen = 1 - forming.veil;
    if (!forming.hidesLand) tiles.draw(context, camera, density, finest, now);
    if (forming.veil) wash(context, camera, data.theme.sea, forming.veil);
    const gliding = view.motion.moving;
    if (seen) land.drawGround(context, camera, data, { share: seen, density, gliding });
    const points = forming.active ? forming : view.points;
    const items = forming.active || (drawable && showing.shows("items"));
    if (items) splat.draw(context, points, camera, density);
    if (seen) land.labels.draw(context, camera, density, seen, gliding);
    const choices = forming.active ? { ...view.choices, steps: [] } : view.choices;
    if (!forming.active) land.drawAxes(context, camera);
    marks.draw(context, camera, points, choices, data.theme, names?.colours);
    view.pictures.draw(context, now);
    view.minimap.draw(camera, data, tiles);
    view.furniture.draw(camera, data, showing);
    tell(view, drawable);
}

function wash(context, { width, height }, colour, opacity) {
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
}
