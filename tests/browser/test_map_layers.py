"""What lies on the land, in a real browser: layers that come and go, lines and towns that tell what they are."""

from __future__ import annotations

import re

import pytest

from tests.browser.map_driver import APP, SMALL, MapDriver

DRESSED = SMALL | {"MAP_DRESSED": "1"}
ROLES = ("halo", "ink", "accent", "road")
ALL = "items,fog,borders,roads,realms,towns,dragons"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}

CLEAR = """(view, [kind, index]) => {
    const { camera, hand, land } = view, box = view.panel.canvas.getBoundingClientRect();
    const { points } = land[kind].lines[index].stroke;
    for (const [x, y] of points) {
        const [px, py] = [camera.screenX(x), camera.screenY(y)];
        if (px < 20 || py < 60 || px > camera.width - 90 || py > camera.height - 60) continue;
        hand.hover(px, py);
        if (view.marks.pointed === `${kind.slice(0, -1)} ${index}`) {
            hand.leave();
            const root = view.root.getRootNode();
            const over = root.elementFromPoint(box.x + px, box.y + py);
            if (over === view.panel.canvas) return [box.x + px, box.y + py];
        }
    }
    return null;
}"""
"""A pixel of the page at which a line, and nothing that comes before it, is under the pointer."""

COVERED = """(view, zoom) => {
    view.camera.look({ ...view.camera.home(), zoom });
    view.moved();
    view.land.labels.draw(view.context, view.camera, 1);
    const names = view.land.labels.boxes(view.camera);
    const meet = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];
    const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b]));
    const overlaps = pairs.filter(([a, b]) => a.boxes.some((one) => b.boxes.some((other) => meet(one, other))));
    const { width, height } = view.camera;
    const [left, top] = [(width - width * zoom) / 2, (height - height * zoom) / 2];
    const outside = names.filter(({ boxes }) => boxes.some((box) =>
        box[0] < left || box[1] < top || box[2] > width - left || box[3] > height - top));
    const towns = view.land.labels.placed.filter(({ rank, text }) => rank !== undefined && text).length;
    const { due } = view.land.labels;
    return { overlaps: overlaps.length, outside: outside.length, towns, due, names: names.length };
}"""


@pytest.fixture
def dressed_address(launch) -> str:
    return launch(APP, env=DRESSED)


@pytest.fixture
def dressed(dressed_address, page) -> MapDriver:
    return ready(page, dressed_address)


def ready(page, address: str) -> MapDriver:
    map_ = MapDriver.on(page, address)
    map_.wait(layers=ALL)
    return map_


def hide(map_: MapDriver, layers: str) -> None:
    field = map_.page.get_by_role("textbox", name="Hide")
    field.fill(layers)
    field.press("Enter")
    map_.element.evaluate("(element) => element.scrollIntoView({ block: 'center' })")


# ---------------------------------------------------------------------- layers
def test_layers_obey_at_once_and_nothing_is_fetched(dressed):
    fetched = []
    dressed.page.on("request", lambda request: fetched.append(request.url))
    hide(dressed, "borders roads fog dragons")
    dressed.wait(layers="items,realms,towns")
    hide(dressed, "items realms")
    dressed.wait(layers="fog,borders,roads,towns,dragons", shown=0)
    assert dressed.ask("(view) => view.land.labels.placed.every((label) => !label.slanted)")
    hide(dressed, "")
    dressed.wait(layers=ALL, shown=2000)
    assert not [url for url in fetched if "_map/" in url]


def test_a_hidden_layer_leaves_no_pixel(dressed):
    keep = """(view) => {
        const { width, height } = view.panel.canvas;
        window.bare = new Uint32Array(view.context.getImageData(0, 0, width, height).data.buffer);
    }"""
    changed = """(view) => {
        const { width, height } = view.panel.canvas;
        const now = new Uint32Array(view.context.getImageData(0, 0, width, height).data.buffer);
        return now.reduce((count, pixel, i) => count + (pixel !== window.bare[i]), 0);
    }"""
    hide(dressed, "borders roads fog dragons realms towns items")
    dressed.wait(layers="")
    dressed.ask(keep)
    for layer in ("borders", "roads", "fog", "dragons", "realms", "towns", "items"):
        hide(dressed, " ".join(other for other in ALL.split(",") if other != layer))
        dressed.wait(layers=layer)
        assert dressed.ask(changed) > 300, layer
    hide(dressed, "borders roads fog dragons realms towns items")
    dressed.wait(layers="")
    assert dressed.ask(changed) == 0


def test_fog_lies_where_the_map_is_not_to_be_trusted(dressed):
    opacities = """(view) => {
        const { picture } = view.land.fog, sheet = new OffscreenCanvas(picture.width, picture.height);
        const context = sheet.getContext("2d");
        context.drawImage(picture, 0, 0);
        const { data } = context.getImageData(0, 0, picture.width, picture.height);
        const mean = (from, to) => {
            let [sum, count] = [0, 0];
            for (let i = 3; i < data.length; i += 4) {
                const x = ((i >> 2) % picture.width) / picture.width;
                if (x >= from && x < to) [sum, count] = [sum + data[i], count + 1];
            }
            return sum / count / 255;
        };
        return [mean(0, 0.5), mean(0.8, 1)];
    }"""
    west, east = dressed.ask(opacities)
    assert west == 0
    assert 0.5 < east <= 0.8


def test_names_are_spelled_as_asked_and_cards_say_the_real_one(dressed):
    shown = "(view) => view.land.labels.placed.filter(({ text }) => text).map(({ text }) => text.toLowerCase())"
    assert not any(text.endswith("-ville") for text in dressed.ask(shown))
    dressed.page.get_by_text("Fantasy", exact=True).click()
    dressed.until("(view) => view.showing.fantasyNames")
    dressed.until("(view) => view.land.labels.placed.every(({ text }) => !text || /-ville$|…$/i.test(text))")
    x, y, name = dressed.ask(
        """(view) => {
            const box = view.panel.canvas.getBoundingClientRect();
            const { x, y, name } = view.land.labels.placed.find(({ rank }) => rank === 0);
            return [box.x + view.camera.screenX(x), box.y + view.camera.screenY(y), name];
        }"""
    )
    dressed.page.mouse.move(x, y)
    card = dressed.page.locator(".card")
    card.get_by_text("Real name").wait_for()
    card.get_by_text("capital", exact=True).wait_for()
    assert card.locator(".title").inner_text() == f"{name}-ville"
    assert card.locator("dd").first.inner_text() == name


def test_furniture_comes_and_goes(dressed):
    root = dressed.page
    assert root.locator(".rose").is_visible()
    assert "reach of 15 neighbours" in root.locator(".scale-bar").inner_text()
    hide(dressed, "rose scale legend frame")
    root.locator(".rose").wait_for(state="hidden")
    assert root.locator(".scale-bar").is_hidden()
    assert root.locator(".legend").is_hidden()
    hide(dressed, "")
    root.locator(".rose").wait_for()
    assert root.locator(".legend").is_visible()
    dressed.ask("(view) => view.apply({ ...view.data, theme: { ...view.data.theme, fantasy: false } })")
    root.locator(".rose").wait_for(state="hidden")


# ------------------------------------------------------------------ as on paper
BY_ITSELF = """(view, [layer, zoom]) => {
    const { camera, land } = view, canvas = new OffscreenCanvas(camera.width, camera.height);
    camera.look({ ...camera.home(), zoom });
    const context = canvas.getContext("2d"), seen = new Set();
    const strokes = [], stroke = context.stroke.bind(context);
    context.stroke = () => {
        strokes.push([context.strokeStyle, context.getLineDash().length]);
        stroke();
    };
    land[layer].draw(context, camera, { ...view.data.theme, fantasy: false }, 1);
    return strokes.filter((one) => !seen.has(String(one)) && seen.add(String(one)));
}"""
"""The colours and numbers of dashes with which a layer is drawn at a zoom."""


def red_green_blue(colour: str) -> list[int]:
    if colour.startswith("#"):
        return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return [int(part) for part in re.findall(r"[\d.]+", colour)[:3]]


def test_lines_have_the_colours_of_paper_and_only_ferries_and_paths_are_broken(dressed):
    theme = {role: red_green_blue(dressed.ask(f"(view) => view.data.theme.{role}")) for role in ROLES}
    role_of = lambda colour: next(role for role in ROLES if theme[role] == red_green_blue(colour))  # noqa: E731
    drawn = {(role_of(colour), bool(dashes)) for colour, dashes in dressed.ask(BY_ITSELF, ["borders", 1])}
    assert drawn == {("halo", False), ("accent", False), ("accent", True)}
    drawn = {(role_of(colour), bool(dashes)) for colour, dashes in dressed.ask(BY_ITSELF, ["roads", 1])}
    assert drawn == {("halo", False), ("road", False), ("ink", True)}
    closer = {(role_of(colour), bool(dashes)) for colour, dashes in dressed.ask(BY_ITSELF, ["roads", 2])}
    assert closer == drawn | {("road", True)}


def test_capitals_stand_in_small_capitals_on_a_fantasy_map_alone(dressed):
    capital = "(view) => view.land.labels.placed.find(({ rank, text }) => rank === 0 && text).style"
    measure = "(view, font) => view.land.labels.sprites.measure('nnnnn', { font, spacing: 0 })"
    font = dressed.ask(capital)["font"]
    assert dressed.ask(measure, font) != dressed.ask(measure, font.removeprefix("small-caps "))
    placed = """(view) => {
        const { labels } = view.land;
        labels.setNames(view.names, { ...view.data.theme, fantasy: false }, view.showing);
        labels.draw(view.context, view.camera, 1);
    }"""
    dressed.ask(placed)
    assert "small-caps" not in dressed.ask(capital)["font"]


# --------------------------------------------------------------------- pointing
STAY = "neighbour pairs stay on their side (chance 50 %)"


@pytest.mark.parametrize(
    ("kind", "index", "title", "said"),
    [
        ("borders", 0, "Border of", f"86 % of 1,240 {STAY}, so it is firm."),
        ("borders", 1, "Border of", f"60 % of 1,241 {STAY}, so it is dashed."),
        ("borders", 2, "Border of", "How well it holds was not measured, so it is dotted."),
        ("roads", 1, "Road from", "4.4 times as many neighbour links as chance (213)."),
        ("roads", 0, "Ferry from", "3.4 times as many neighbour links as chance (212); the map tore these apart."),
    ],
)
def test_a_line_says_what_it_means(dressed, kind, index, title, said):
    hide(dressed, "items")
    dressed.wait(shown=0)
    dressed.page.mouse.move(*dressed.ask(CLEAR, [kind, index]))
    dressed.wait(pointed=f"{kind[:-1]} {index}")
    card = dressed.page.locator(".card")
    assert card.locator(".title").inner_text().startswith(title)
    assert card.locator(".said").inner_text() == said
    dressed.page.mouse.move(*dressed.sea())
    dressed.wait(pointed="")
    assert card.is_hidden()


def test_an_item_on_a_line_wins(dressed):
    dressed.ask(
        """(view) => {
            const [x, y] = view.land.borders.lines[0].stroke.points[9];
            Object.assign(view.points.grid.xy, { 0: x, 1: y });
        }"""
    )
    item = dressed.top_item(1003)
    dressed.page.mouse.move(*dressed.spot(item))
    dressed.wait(hovered=item, pointed="")


def test_a_dragon_says_how_lonely_it_is(dressed):
    hide(dressed, "items")
    dressed.wait(shown=0)
    place = dressed.ask(
        """(view) => {
            const box = view.panel.canvas.getBoundingClientRect();
            const { x, y, dx, dy } = view.land.labels.placed.find((label) => label.dragon);
            return [box.x + view.camera.screenX(x) + dx, box.y + view.camera.screenY(y) + dy];
        }"""
    )
    dressed.page.mouse.move(*place)
    dressed.wait(pointed="dragon 0")
    card = dressed.page.locator(".card")
    assert card.locator(".title").inner_text() == "Here be dragons"
    said = "3 items that are near nothing; the loneliest is 4.2 times as far from its nearest ones as usual."
    assert card.locator(".said").inner_text() == said


def test_a_finger_gets_the_card_of_a_line(dressed_address, open_page):
    phone = ready(open_page(**PHONE), dressed_address)
    hide(phone, "items")
    phone.wait(shown=0)
    phone.page.touchscreen.tap(*phone.ask(CLEAR, ["borders", 1]))
    phone.wait(pointed="border 1", selected="")
    phone.page.locator(".card").get_by_text("so it is dashed").wait_for()


# ------------------------------------------------------------------------ names
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_no_name_covers_another_and_most_that_are_due_are_there(dressed_address, open_page, size):
    map_ = ready(open_page(viewport={"width": size[0], "height": size[1]}), dressed_address)
    counts = []
    for zoom in (1, 1.7, 3, 9, 30):
        found = map_.ask(COVERED, zoom)
        assert found["overlaps"] == 0
        assert found["outside"] == 0
        assert found["towns"] >= 0.9 * found["due"], found
        counts.append(found["due"])
    assert counts == sorted(counts)
    assert counts[-1] > 2 * counts[0]


def test_panning_keeps_the_names_and_their_places(dressed):
    names = "(view) => view.land.labels.placed.map(({ text, dx, dy }) => [text, dx, dy])"
    dressed.ask("(view) => { view.camera.look({ ...view.camera.home(), zoom: 4 }); view.moved() }")
    dressed.wait(zoom="4.000")
    before = dressed.ask(names)
    dressed.ask("(view) => view.hand.pan(140, -90)")
    dressed.wait_ready()
    assert dressed.ask(names) == before


# ---------------------------------------------------------------------- minimap
def test_the_small_map_shows_up_when_needed_and_moves_the_view(dressed):
    small = dressed.page.locator(".minimap")
    assert small.is_hidden()
    assert small.get_attribute("aria-hidden") == "true"
    dressed.ask("(view) => { view.camera.look({ ...view.camera.home(), zoom: 4 }); view.moved() }")
    small.wait_for()
    box = small.bounding_box()
    dressed.page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.25 * box["height"])
    dressed.page.mouse.down()
    dressed.wait(zoom="4.000")
    share = """(view) => {
        const [west, south, east, north] = view.camera.frame;
        return [(view.camera.x - west) / (east - west), (north - view.camera.y) / (north - south)];
    }"""
    assert dressed.ask(share) == pytest.approx([0.25, 0.25], abs=0.03)
    dressed.page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.6 * box["height"], steps=3)
    dressed.page.mouse.up()
    assert dressed.ask(share) == pytest.approx([0.7, 0.6], abs=0.03)
    assert dressed.page.evaluate("document.activeElement.closest('.minimap')") is None


def test_on_a_phone_there_is_no_small_map_and_the_legend_stays_out_of_the_way(dressed_address, open_page):
    phone = ready(open_page(**PHONE), dressed_address)
    phone.ask("(view) => { view.camera.look({ ...view.camera.home(), zoom: 4 }); view.moved() }")
    phone.wait(zoom="4.000")
    assert phone.page.locator(".minimap").is_hidden()
    assert phone.page.locator(".signs-head").is_hidden()
    phone.page.locator(".legend .head").tap()
    phone.page.locator(".signs-head").tap()
    for said in ("border between groups that mix there", "the map tore these apart", "Fine folds of the slopes"):
        assert phone.page.locator(".signs").get_by_text(said).count() == 1
    legend, map_box = phone.page.locator(".legend").bounding_box(), phone.box()
    assert legend["height"] <= 0.66 * map_box["height"]
