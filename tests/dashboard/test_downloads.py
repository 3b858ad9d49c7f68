"""Files made on demand: under names nobody can guess, with faults put into a sentence."""

from __future__ import annotations

from starlette.applications import Starlette

from cartography.errors import ParameterError
from dashboard.downloads import Downloads, download_routes
from tests import asgi


def get(downloads: Downloads, address: str) -> asgi.Answer:
    return asgi.get(Starlette(routes=download_routes(downloads)), f"/{address}")


def test_a_file_is_made_only_when_asked_for_and_keeps_its_name():
    downloads, made = Downloads(), []
    address = downloads.offer("key", lambda: made.append(1) or b"content", 'größe "a"\r\nx.csv', "text/csv")
    assert not made
    answer = get(downloads, address)
    assert answer.body == b"content"
    assert made == [1]
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe")
    assert "\n" not in disposition


def test_offering_again_keeps_the_address_and_replaces_the_file():
    downloads = Downloads()
    first = downloads.offer("key", lambda: b"old", "a", "text/plain")
    second = downloads.offer("key", lambda: b"new", "a", "text/plain")
    assert first == second
    assert downloads.offer("other", lambda: b"", "a", "text/plain") != first
    assert get(downloads, first).body == b"new"


def test_what_goes_wrong_is_one_sentence_without_inner_details():
    def refuse() -> bytes:
        raise ParameterError("The picture is too large.", "Choose a smaller size.")

    def break_down() -> bytes:
        raise ZeroDivisionError("secret")

    downloads = Downloads()
    answer = get(downloads, downloads.offer("a", refuse, "a", "x/y"))
    assert (answer.status, answer.text) == (422, "The picture is too large. Choose a smaller size.")
    answer = get(downloads, downloads.offer("b", break_down, "b", "x/y"))
    assert answer.status == 500
    assert "secret" not in answer.text
    assert get(downloads, "_download/guess").status == 404


def test_the_oldest_offers_make_room():
    downloads = Downloads(2)
    addresses = [downloads.offer(str(i), lambda: b"x", "a", "x/y") for i in range(3)]
    assert [get(downloads, address).status for address in addresses] == [404, 200, 200]
