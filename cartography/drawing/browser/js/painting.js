import { tell } from "./facts.js";

/** Paint the map as it is now, from the sea up. Items on their way are drawn in place of the points, without land. */
export function paint(view, now) {
    const { context, camera, panel, pace, data, tiles, splat, labels, marks, forming, names, drawable } = view;
    const finest = devicePixelRatio || 1;
    const density = pace.density(finest, now);
    panel.fitCanvas(camera, density);
    context.setTransform(density, 0, 0, density, 0, 0);
    wash(context, camera, data.theme.sea, 1);
    forming.step(now);
    const land = 1 - forming.veil;
    if (!forming.hidesLand) tiles.draw(context, camera, density, finest, now);
    if (forming.veil) wash(context, camera, data.theme.sea, forming.veil);
    const points = forming.active ? forming : view.points;
    if (forming.active || drawable) splat.draw(context, points, camera, density);
    if (land) labels.draw(context, camera, density, land);
    const choices = forming.active ? { ...view.choices, steps: [] } : view.choices;
    marks.draw(context, camera, points, choices, data.theme, names?.colours);
    view.pictures.draw(context, now);
    tell(view, drawable);
}

function wash(context, { width, height }, colour, opacity) {
    context.globalAlpha = opacity;
    context.fillStyle = colour;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
}
