"""Files made on demand: under names nobody can guess, with faults put into a sentence."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.testclient import TestClient

from cartography.errors import ParameterError
from dashboard.downloads import Downloads, download_routes


def client(downloads: Downloads) -> TestClient:
    return TestClient(Starlette(routes=download_routes(downloads)), raise_server_exceptions=False)


def test_a_file_is_made_only_when_asked_for_and_keeps_its_name():
    downloads, made = Downloads(), []
    address = downloads.offer("key", lambda: made.append(1) or b"content", 'größe "a"\r\nx.csv', "text/csv")
    assert not made
    answer = client(downloads).get(f"/{address}")
    assert answer.content == b"content"
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
    assert client(downloads).get(f"/{first}").content == b"new"


def test_what_goes_wrong_is_one_sentence_without_inner_details():
    def refuse() -> bytes:
        raise ParameterError("The picture is too large.", "Choose a smaller size.")

    def break_down() -> bytes:
        raise ZeroDivisionError("secret")

    downloads = Downloads()
    web = client(downloads)
    answer = web.get("/" + downloads.offer("a", refuse, "a", "x/y"))
    assert (answer.status_code, answer.text) == (422, "The picture is too large. Choose a smaller size.")
    answer = web.get("/" + downloads.offer("b", break_down, "b", "x/y"))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert web.get("/_download/guess").status_code == 404


def test_the_oldest_offers_make_room():
    downloads = Downloads(2)
    addresses = [downloads.offer(str(i), lambda: b"x", "a", "x/y") for i in range(3)]
    web = client(downloads)
    assert [web.get(f"/{address}").status_code for address in addresses] == [404, 200, 200]
