import { counted } from "./geometry.js";

/** Write on the map's element what there is to see, for whoever waits for it, and into the status line. */
export function tell(view, drawable) {
    const { camera, points, choices, marks, tiles, root, forming, land, orbit } = view;
    const hidden = !view.showing.shows("items");
    const shown = drawable && !hidden ? shownOf(points, camera) : 0;
    const still = !forming.active && !orbit.moving;
    const painted = orbit.hidesLand || (tiles.sharp && !tiles.fading);
    const ready = [drawable && still && "points", painted && still && "tiles"].filter(Boolean);
    const facts = {
        ready: ready.join(","),
        zoom: camera.zoom.toFixed(3),
        selected: choices.selected ?? "",
        neighbours: marks.neighbours.length,
        hovered: marks.hovered,
        pointed: marks.pointed,
        layers: land.layers.join(","),
        labels: land.labels.placed.filter(({ text }) => text).length,
        due: land.labels.due,
        count: points.lit ? points.heldCount : 0,
        lit: points.lit ? points.heldCount : "",
        chosen: choices.chosen.key,
        chips: choices.chosen.chips.length,
        shown,
        forming: forming.phase,
        depth: orbit.phase,
        frames: forming.frames,
    };
    for (const [name, value] of Object.entries(facts)) {
        if (root.dataset[name] !== String(value)) root.dataset[name] = value;
    }
    if (forming.text) view.panel.setStatus(forming.text, true);
    else if (drawable) view.panel.setStatus(statusOf(shown, points.count, hidden));
}

/** Items drawn, without those of groups that are switched off. */
function shownOf(points, camera) {
    const prefix = points.shown(camera);
    if (!points.off.size && !points.marks) return prefix;
    let count = 0;
    for (let i = 0; i < prefix; i++) if (!points.leftOut(i)) count++;
    return count;
}

function statusOf(shown, count, hidden) {
    if (hidden) return `${counted(count)} items, not drawn`;
    return shown === count ? `All ${counted(count)} items shown` : `${counted(shown)} of ${counted(count)} items shown`;
}
