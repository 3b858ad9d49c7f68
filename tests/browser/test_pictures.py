"""Thumbnails, banners and snippets on the map in a real browser."""

from __future__ import annotations

import pytest

from cartography import Recipe, build_map, draw_map
from tests.browser.map_driver import APP, MapDriver
from tests.pictures.examples import pictured_digits

LOOK = "(view, zoom) => { const { x, y } = view.names.towns[0]; view.camera.look({ x, y, zoom }); view.moved(); }"
TILES = """(view) => {
    const { placed, album } = view.pictures;
    return [...placed].filter(([item]) => album.of(item)?.look).map(([, box]) => box);
}"""
COVERED = """(view) => {
    const boxes = view.land.labels.placed.filter(({ slanted }) => !slanted).map(({ x, y, dx, dy, width, style }) => {
        const [mx, my] = [x * view.camera.scale + dx, -y * view.camera.scale + dy];
        return [mx - width / 2, my - style.size / 2, mx + width / 2, my + style.size / 2];
    });
    return view.pictures.flown.filter(({ box: a }) => boxes.some((b) =>
        a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1])).length;
}"""


@pytest.fixture
def digits(launch, page) -> MapDriver:
    return MapDriver.on(page, launch(APP, env={"MAP_LOOKS": "digits"}))


def close_up(map_: MapDriver, zoom: float) -> None:
    """Fly to the largest town and wait until the pictures there are drawn."""
    map_.ask(LOOK, zoom)
    map_.until(
        "(view) => Number(view.root.dataset.pictures) > 5 && !view.pictures.album.flights && !view.pictures.soon"
    )


def test_close_up_each_item_shows_its_picture_and_none_covers_another(digits):
    assert digits.fact("pictures") == "0"
    close_up(digits, 12)
    boxes = digits.ask(TILES)
    assert len(boxes) == int(digits.fact("pictures"))
    meets = lambda a, b: a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]  # noqa: E731
    assert not [1 for i, a in enumerate(boxes) for b in boxes[i + 1 :] if meets(a, b)]
    assert digits.painted(digits.ask("(view) => view.data.theme.panel")) > 20 * len(boxes)


def test_panning_keeps_the_pictures_that_stay_in_sight(digits):
    close_up(digits, 12)
    before = set(digits.ask("(view) => [...view.pictures.placed.keys()]"))
    digits.ask("(view) => { view.camera.pan(40, 0); view.moved(); }")
    digits.until("(view) => !view.pictures.soon && !view.pictures.album.flights")
    window = "(view) => { const w = view.camera.window(0), q = view.points.xy;"
    inside = digits.ask(
        f"{window} return [...Array(view.points.count).keys()].filter((i) => q[2 * i] > w.west && q[2 * i] < w.east"
        " && q[2 * i + 1] > w.south && q[2 * i + 1] < w.north); }"
    )
    after = set(digits.ask("(view) => [...view.pictures.placed.keys()]"))
    assert before & set(inside) <= after


def test_a_card_shows_the_picture_of_the_item_that_is_pointed_at(digits):
    close_up(digits, 12)
    item = digits.ask("(view) => [...view.pictures.placed.keys()][0]")
    x, y = digits.spot(item)
    digits.page.mouse.move(x + 9, y + 9)
    digits.wait(hovered=item)
    image = digits.page.locator(".card img")
    image.wait_for()
    assert image.evaluate("(img) => img.decode().then(() => img.naturalWidth)") == 8


OPEN = """(view) => [...view.pictures.placed.keys()].find((item) => {
    const { camera, points, panel } = view;
    const [x, y] = [camera.screenX(points.xy[2 * item]), camera.screenY(points.xy[2 * item + 1])];
    return document.elementFromPoint(x, y) === panel.canvas;
})"""
"""An item whose picture lies open, under no panel."""


def test_capitals_fly_banners_from_afar_and_names_keep_clear_of_them(digits):
    digits.until("(view) => Number(view.root.dataset.banners) > 3")
    assert digits.ask(COVERED) == 0
    digits.ask("(view) => view.apply({ ...view.data, showing: { hidden: ['pictures'], fantasyNames: false } })")
    digits.wait(banners=0, pictures=0)


FRAMES = """async (view) => {
    let drawn = 0;
    const { draw } = view.pictures;
    view.pictures.draw = (...all) => (drawn++, draw.apply(view.pictures, all));
    for (let i = 0; i < 40; i++) await new Promise(requestAnimationFrame);
    delete view.pictures.draw;
    return drawn;
}"""
"""How often the map is painted while a screen is refreshed 40 times."""


def test_what_cannot_be_fetched_is_asked_for_again_without_painting_meanwhile(digits, trouble):
    digits.page.route("**/pictures/*", lambda route: route.abort())
    digits.ask(LOOK, 12)
    digits.until("(view) => view.pictures.album.resting && !view.tiles.fading && !view.motion.moving")
    digits.wait_ready()
    digits.ask(FRAMES)  # what else is under way comes to rest
    assert digits.ask(FRAMES) <= 4
    digits.page.unroute("**/pictures/*")
    digits.until("(view) => Number(view.root.dataset.pictures) > 5")
    trouble.clear()


def test_sheets_are_put_away_when_cut_and_everything_when_the_map_is_closed(digits):
    digits.ask(
        """(view) => {
            const { source } = view, { pictures } = source;
            view.sheets = [];
            source.pictures = async (...all) => {
                const looks = await pictures.apply(source, all);
                view.sheets.push(looks[0].image);
                return looks;
            };
        }"""
    )
    close_up(digits, 12)
    widths = digits.ask("(view) => view.sheets.map(({ width }) => width)")
    assert widths
    assert not any(widths)
    left = "(view) => { view.close(); const { known, asked, source } = view.pictures.album;"
    assert digits.ask(f"{left} return [known.size, asked.size, source]; }}") == [0, 0, None]


def test_items_with_words_show_them(launch, page):
    map_ = MapDriver.on(page, launch(APP, env={"MAP_LOOKS": "words"}))
    close_up(map_, 12)
    item = map_.ask("(view) => [...view.pictures.placed.keys()][0]")
    assert map_.ask("(view, i) => view.pictures.album.of(i).look", item).startswith("word ")
    assert map_.fact("banners") == "0"


def test_an_offline_page_shows_pictures_and_says_how_many_it_holds(open_page, tmp_path):
    built = build_map(pictured_digits(300), Recipe(method="pca"))
    path = draw_map(built).save(tmp_path / "digits.html")
    page = open_page(viewport={"width": 900, "height": 700}, offline=True)
    page.goto(path.as_uri())
    map_ = MapDriver(page)
    map_.wait_ready()
    close_up(map_, 6)
    page.mouse.move(*map_.spot(map_.ask(OPEN)))
    page.locator(".card img").wait_for()
    assert page.locator(".said").count() == 0
