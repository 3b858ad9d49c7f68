"""The browser's code: joined without collisions, short enough to read, and asking nobody but its server."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from cartography.drawing.browser.bundle import FILES, OFFLINE_FILES, code, offline_code, style_sheet
from tests.data import ROOT

HERE = ROOT / "cartography" / "drawing" / "browser"
EVERYTHING = code() + offline_code()
SOURCES = {path.stem: path.read_text() for path in sorted((HERE / "js").glob("*.js"))}


def test_every_file_is_in_a_bundle_once():
    assert {*FILES, *OFFLINE_FILES} == set(SOURCES)
    assert len(FILES) == len(set(FILES))
    assert len(OFFLINE_FILES) == len(set(OFFLINE_FILES))


@pytest.mark.parametrize("joined", [code, offline_code])
def test_no_name_is_declared_twice_in_the_joined_scope(joined):
    names = re.findall(r"^(?:async )?(?:function\*?|class|const|let) (\w+)", joined(), re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_the_joined_code_imports_nothing_and_exports_one_function():
    assert not re.search(r"^import\b", code(), re.MULTILINE)
    assert re.findall(r"^export .*", code(), re.MULTILINE) == [
        "export default function mount({ data, parentElement, setStateValue, setTriggerValue }) {"
    ]
    assert not re.search(r"^(import|export)\b", offline_code(), re.MULTILINE)


@pytest.mark.parametrize("name", SOURCES)
def test_what_a_file_uses_of_others_it_imports(name):
    source = SOURCES[name]
    for names, other in re.findall(r'^import \{ ([^}]+) \} from "\./(\w+)\.js";$', source, re.MULTILINE):
        for imported in names.split(", "):
            assert re.search(
                rf"^export (?:async )?(?:function\*?|class|const) {imported}\b", SOURCES[other], re.MULTILINE
            )
            assert len(re.findall(rf"\b{imported}\b", source)) > 1, f"{name}.js imports {imported} for nothing"


@pytest.mark.parametrize("name", SOURCES)
def test_files_are_short(name):
    lines = SOURCES[name].splitlines()
    assert len(lines) < 300
    assert max(map(len, lines)) <= 120


def test_nothing_from_a_file_is_ever_read_as_markup():
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", EVERYTHING)


def test_no_address_outside_the_server():
    foreign = [url for url in re.findall(r"https?://[^\s\"'`)]+", EVERYTHING + style_sheet()) if "w3.org" not in url]
    assert foreign == []
