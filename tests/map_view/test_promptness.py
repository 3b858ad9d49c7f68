"""Nagle's algorithm is off on the connections of a real server, and nothing breaks where there is none."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.map_view.promptness import SendAtOnce
from tests.asgi import get

uvicorn = pytest.importorskip("uvicorn")


def app_and_seen() -> tuple[SendAtOnce, list[int]]:
    """An application that notes whether its connection sends at once."""
    seen: list[int] = []

    async def answer(request):
        connection = request.receive.__self__.transport.get_extra_info("socket")
        seen.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        return PlainTextResponse("here")

    return SendAtOnce(Starlette(routes=[Route("/", answer)])), seen


def test_a_server_with_a_socket_like_streamlits_sends_at_once():
    app, seen = app_and_seen()
    listener = socket.socket(socket.AF_INET)
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with socket.create_connection(listener.getsockname()) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        assert b"200 OK" in client.recv(65536)
    server.should_exit = True
    thread.join(10)
    assert seen == [1]


def test_without_a_transport_nothing_happens():
    app = SendAtOnce(Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))]))
    assert get(app, "/").text == "here"
