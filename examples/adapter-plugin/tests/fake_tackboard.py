"""Tackboard as its API's description says, on this machine: pages, refusals, and a clock that stands in the records."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "a token of the tests"


class FakeTackboard:
    """A server that holds some leads and calls. In a `with` block it answers at `url`.

    What stands in `troubles` (a status and headers) is answered instead, one after the other.
    """

    def __init__(self, leads: Sequence[Mapping[str, Any]], calls: Sequence[Mapping[str, Any]]) -> None:
        self.leads: dict[str, Any] = {each["key"]: copy.deepcopy(dict(each)) for each in leads}
        self.calls = list(calls)
        self.fields = ["qualify_stage"]
        self.changes = 0
        self.troubles: list[tuple[int, dict[str, str]]] = []
        self.text: bytes | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *about: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method: str, path: str, asked: dict[str, str], sent: Any) -> Any:
        match method, path:
            case "GET", "/leads":
                return self._page(asked)
            case "PATCH", "/leads":
                return {"results": [self._changed(each) for each in sent["leads"]]}
            case "GET", "/calls":
                return {"calls": [call for call in self.calls if call["lead"] in asked["leads"].split(",")]}
            case "GET", "/fields":
                return {"fields": [{"name": name} for name in self.fields]}
            case "POST", "/fields":
                self.fields.append(sent["name"])
                return {"name": sent["name"]}
        return None

    def _page(self, asked: dict[str, str]) -> Any:
        since, start, limit = asked.get("changed_from", ""), int(asked.get("page", "0")), int(asked["limit"])
        those = sorted(self.leads.values(), key=lambda lead: (lead["changed"], lead["key"]))
        those = [lead for lead in those if lead["changed"] >= since]
        more = start + limit < len(those)
        return {
            "leads": those[start : start + limit],
            "next": str(start + limit) if more else None,
            "total": len(those),
        }

    def _changed(self, sent: dict[str, Any]) -> Any:
        lead = self.leads.get(sent["key"])
        if lead is None:
            return {"key": sent["key"], "ok": False, "why": "there is no such lead"}
        for name, value in sent.items():
            lead[name] = {**lead[name], **value} if isinstance(value, dict) else value
        self.changes += 1
        lead["changed"] = f"2026-11-01T00:{self.changes // 60:02}:{self.changes % 60:02}Z"
        return {"key": sent["key"], "ok": True}


def _handler(fake: FakeTackboard) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
            parts = urlsplit(self.path)
            status, headers, answer = 200, {}, None
            if fake.troubles:
                status, headers = fake.troubles.pop(0)
            elif self.headers["Authorization"] != f"Bearer {TOKEN}":
                status = 401
            else:
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                answer = fake.answer(self.command, parts.path, asked, sent)
                status = 404 if answer is None else 200
            text = json.dumps(answer).encode() if fake.text is None else fake.text
            self.send_response(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_PATCH = do_POST = _answer

        def log_message(self, *about: Any) -> None:
            """Say nothing."""

    return Handler
