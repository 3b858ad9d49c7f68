"""Asks a Starlette application without a server: no port, no extra package."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import ASGIApp

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


async def ask(app: ASGIApp, path: str, headers: dict[str, str] | None = None, gone: bool = False) -> Answer:
    """GET a path, with its query if it has one; `gone` hangs up before the answer comes."""
    path, _, query = path.partition("?")
    sent: list[dict[str, Any]] = []
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked and not gone:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        if gone:
            return {"type": "http.disconnect"}
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    pairs = [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": pairs,
        "server": ("test", 80),
        "client": ("test", 1),
    }
    await app(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return Answer(start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, body)


def finished(work: Coroutine[Any, Any, T]) -> T:
    """Run asynchronous work to its end in a thread of its own: this one may have a loop, such as a browser's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def get(app: ASGIApp, path: str, headers: dict[str, str] | None = None, gone: bool = False) -> Answer:
    """The same, from a test that is not asynchronous."""
    return finished(ask(app, path, headers, gone))
