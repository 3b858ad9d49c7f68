const LINE_REACH = { mouse: 5, touch: 14 }; // pixels beside a line at which it is still meant
const DIRECT = { mouse: 2, touch: 6 }; // pixels beyond an item's edge within which nothing else is meant
const ROAD_FIRST = 3; // pixels by which a road is preferred to a border

/**
 * What a pixel of the map means: {kind, index, item}. Pictures and towns come first, then the item right under it,
 * then what is drawn on the land, then the nearest item within `reach`. `kind` is "item", "town", "dragon", "road",
 * "border" or "".
 */
export function meaningOf(view, px, py, reach, finger = "mouse") {
    const { camera, points, land, forming } = view;
    if (!points || forming.active) return nobody(); // nobody can point at what moves
    const pictured = view.pictures.at(camera, px, py);
    if (pictured >= 0) return { kind: "item", index: pictured, item: pictured };
    const town = land.labels.townAt(camera, px, py, reach / 4);
    if (town) return { kind: "town", index: town.index, item: town.item };
    const direct = itemUnder(view, px, py, DIRECT[finger]);
    if (direct >= 0) return { kind: "item", index: direct, item: direct };
    const drawn = drawnUnder(land, camera, px, py, LINE_REACH[finger]);
    if (drawn) return drawn;
    const item = itemUnder(view, px, py, reach);
    return item >= 0 ? { kind: "item", index: item, item } : nobody();
}

export function nobody() {
    return { kind: "", index: -1, item: -1 };
}

function itemUnder({ points, camera, showing }, px, py, reach) {
    return showing.shows("items") ? points.under(camera, px, py, points.radius + reach) : -1;
}

function drawnUnder(land, camera, px, py, reach) {
    const dragon = land.labels.dragonAt(camera, px, py);
    if (dragon) return { kind: "dragon", index: dragon.index, item: -1 };
    const [road, border] = land.linesUnder(camera, { px, py, reach });
    if (road.index >= 0 && road.off <= border.off + ROAD_FIRST) return { kind: "road", index: road.index, item: -1 };
    return border.index >= 0 ? { kind: "border", index: border.index, item: -1 } : null;
}
