const LINE_REACH = { mouse: 5, touch: 14 }; // pixels beside a line at which it is still meant
const DIRECT = { mouse: 2, touch: 6 }; // pixels beyond an item's edge within which nothing else is meant
const ROAD_FIRST = 3; // pixels by which a road is preferred to a border

/**
 * What a pixel of the map means: {kind, index, item}. Pictures and towns come first, then the item right under it,
 * then what is drawn on the land, then the nearest item within `reach`. `kind` is "item", "town", "dragon", "road",
 * "border" or "".
 */
export function meaningOf(view, px, py, reach, finger = "mouse") {
    const { camera, points, land, forming, orbit } = view;
    if (!points || forming.active) return nobody(); // nobody can point at what moves
    if (orbit.active) return itemMeant(itemUnder(view, px, py, reach));
    const pictured = view.pictures.at(camera, px, py);
    if (pictured >= 0) return itemMeant(pictured);
    const town = land.labels.townAt(camera, px, py, reach / 4);
    if (town) return { kind: "town", index: town.index, item: town.item };
    const direct = itemUnder(view, px, py, DIRECT[finger]);
    if (direct >= 0) return itemMeant(direct);
    const drawn = drawnUnder(land, camera, px, py, LINE_REACH[finger]);
    if (drawn) return drawn;
    return itemMeant(itemUnder(view, px, py, reach));
}

function itemMeant(item) {
    return item >= 0 ? { kind: "item", index: item, item } : nobody();
}

export function nobody() {
    return { kind: "", index: -1, item: -1 };
}

/** The item drawn under a pixel, or -1. */
export function itemUnder({ seen, camera, showing }, px, py, reach) {
    return showing.shows("items") ? seen.under(camera, px, py, seen.radius + reach) : -1;
}

function drawnUnder(land, camera, px, py, reach) {
    const dragon = land.labels.dragonAt(camera, px, py);
    if (dragon) return { kind: "dragon", index: dragon.index, item: -1 };
    const [road, border] = land.linesUnder(camera, { px, py, reach });
    if (road.index >= 0 && road.off <= border.off + ROAD_FIRST) return { kind: "road", index: road.index, item: -1 };
    return border.index >= 0 ? { kind: "border", index: border.index, item: -1 } : null;
}
