"""A small HubSpot on loopback: contacts that remember what is written, pages, searches, and every way to fail.

It takes what HubSpot's client sends and answers in HubSpot's words; its clock is its own and goes on by a second with
each request. `fail(where, how)` makes the next request whose path holds `where` fail: throttle, break, cut, hang...
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "pat-demo-0123456789"
CORRELATION = "c2b3a1f0-0000-4000-8000-000000000000"
READ_ONLY = ("createdate", "lastmodifieddate", "hs_email_optout", "hs_object_id", "hubspotscore")
WRITABLE = ("email", "firstname", "lastname", "jobtitle", "lifecyclestage", "company", "phone", "hubspot_owner_id")
NOBODY = "crm.associations.NO_ASSOCIATIONS_FOUND"


@dataclass(frozen=True)
class Answer:
    """What the fake answers to one request."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: Any
    answered: int


def error(status: int, message: str, category: str, **more: object) -> Answer:
    """An error as HubSpot words it."""
    body = {"status": "error", "message": message, "category": category, "correlationId": CORRELATION, **more}
    return Answer(status, body)


class FakeHubSpot:
    """The account: what it holds, what was asked of it, and what is to go wrong next."""

    def __init__(self, *, shown_by_a_search: int = 10_000) -> None:
        self.now = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
        self.shown = shown_by_a_search
        self.objects: dict[str, dict[str, dict[str, Any]]] = {"contacts": {}}
        self.links: dict[tuple[str, str], dict[str, list[tuple[str, int]]]] = {}
        self.read_only = dict.fromkeys(WRITABLE, False) | dict.fromkeys(READ_ONLY, True)
        self.definitions: dict[str, dict[str, Any]] = {}
        self.groups: list[str] = ["contactinformation"]
        self.owners: list[dict[str, Any]] = []
        self.forms: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.faults: list[tuple[str, Callable[[Handler], Answer | None]]] = []
        self.before_answering: Callable[[str], None] = lambda path: None
        self.lock = threading.RLock()

    # What it holds

    def add(
        self, kind: str = "contacts", id: str | None = None, changed: datetime | None = None, **properties: Any
    ) -> str:
        """A record; its texts are `properties`."""
        records = self.objects.setdefault(kind, {})
        id = id or str(501 + len(records))
        moment = text_of(changed or self.now)
        name = "lastmodifieddate" if kind == "contacts" else "hs_lastmodifieddate"
        own = {"createdate": moment, name: moment, "hs_object_id": id, **properties}
        records[id] = {"id": id, "properties": own, "createdAt": moment, "updatedAt": moment, "archived": False}
        return id

    def link(self, of: str, one: str, to: str, other: str, kind: int = 449) -> None:
        """An association."""
        self.links.setdefault((of, to), {}).setdefault(one, []).append((other, kind))

    def contact(self, id: str) -> dict[str, Any]:
        """What a contact says now."""
        found: dict[str, Any] = self.objects["contacts"][id]["properties"]
        return found

    def fail(self, where: str, how: Callable[[Handler], Answer | None], times: int = 1) -> None:
        """Let the next requests whose path holds `where` fail."""
        self.faults += [(where, how)] * times

    def paths(self, where: str = "") -> list[str]:
        """The paths that were asked for, those alone that hold `where`."""
        return [each.path for each in self.asked if where in each.path]

    # What it answers

    def answer(self, method: str, path: str, query: Mapping[str, list[str]], body: Any) -> Answer:
        """The answer to one request."""
        match [part for part in path.split("/") if part], method:
            case ["crm", "v3", "objects", kind], "GET":
                return self._page(kind, query)
            case ["crm", "v3", "objects", "contacts", "search"], "POST":
                return self._search(body)
            case ["crm", "v3", "objects", kind, "batch", "read"], "POST":
                return self._batch_read(kind, body)
            case ["crm", "v3", "objects", "contacts", "batch", "update"], "POST":
                return self._update(body)
            case ["crm", "v4", "associations", of, to, "batch", "read"], "POST":
                return self._associations(of, to, body)
            case ["crm", "v3", "properties", "contacts"], "GET":
                return Answer(200, {"results": [*map(self._definition, self.read_only)]})
            case ["crm", "v3", "properties", "contacts", "groups"], "GET":
                return Answer(200, {"results": [self._group(name) for name in self.groups]})
            case ["crm", "v3", "properties", "contacts", "groups"], "POST":
                self.groups.append(body["name"])
                return Answer(201, self._group(body["name"]))
            case ["crm", "v3", "properties", "contacts", "batch", "create"], "POST":
                return self._create_properties(body)
            case ["crm", "v3", "owners"], "GET":
                return listed(self.owners, query)
            case ["marketing", "v3", "forms"], "GET":
                return listed(self.forms, query, encode=True)
            case ["events", "v3", "events"], "GET":
                whose = query["objectId"][0]
                return listed([each for each in self.events if each["objectId"] == whose], query)
        return error(404, "nothing here", "OBJECT_NOT_FOUND")

    def _page(self, kind: str, query: Mapping[str, list[str]]) -> Answer:
        limit, after = int(query.get("limit", ["10"])[0]), int(query.get("after", ["0"])[0])
        ids = sorted(int(id) for id in self.objects[kind] if int(id) > after)
        shown = [self._shown(kind, str(id), query.get("properties", [])) for id in ids[:limit]]
        more = {"paging": {"next": {"after": str(ids[limit - 1]), "link": "x"}}} if len(ids) > limit else {}
        return Answer(200, {"results": shown, **more})

    def _shown(self, kind: str, id: str, properties: Sequence[str]) -> dict[str, Any]:
        record = self.objects[kind][id]
        always = ["createdate", "lastmodifieddate", "hs_object_id"]
        known = set(self.read_only) if kind == "contacts" else set()
        known |= set().union(*(each["properties"] for each in self.objects[kind].values()))
        names = [name for name in dict.fromkeys([*always, *properties]) if name in known or kind != "contacts"]
        return {**record, "properties": {name: record["properties"].get(name) for name in names}}

    def _search(self, body: Any) -> Answer:
        offset, limit = int(body["after"]), body["limit"]
        if offset + limit > self.shown:
            return error(400, "paging past the end of what a search shows", "VALIDATION_ERROR")
        tests = [
            (each["propertyName"], each["operator"], int(each["value"])) for each in body["filterGroups"][0]["filters"]
        ]

        def number(id: str, name: str) -> int:
            return int(id) if name == "hs_object_id" else milliseconds(self.contact(id)[name])

        def holds(id: str) -> bool:
            return all(
                {"GTE": value >= asked, "LTE": value <= asked, "EQ": value == asked, "GT": value > asked}[operator]
                for name, operator, asked in tests
                for value in [number(id, name)]
            )

        # An index has an order of its own among equals: the newest id first, so that nobody relies on another.
        order = body["sorts"][0]
        ids = sorted((id for id in self.objects["contacts"] if holds(id)), key=lambda id: (number(id, order), -int(id)))
        shown = [self._shown("contacts", id, body["properties"]) for id in ids[offset : offset + limit]]
        more = {"paging": {"next": {"after": str(offset + limit), "link": "x"}}} if len(ids) > offset + limit else {}
        return Answer(200, {"total": len(ids), "results": shown, **more})

    def _batch_read(self, kind: str, body: Any) -> Answer:
        if len(body["inputs"]) > 100:
            return error(400, "too many inputs", "VALIDATION_ERROR")
        ids = [each["id"] for each in body["inputs"]]
        here = self.objects.get(kind, {})
        found = [self._shown(kind, id, body["properties"]) for id in ids if id in here]
        lost = [missing("OBJECT_NOT_FOUND", f"{id} is gone", ids=[id]) for id in ids if id not in here]
        return batch(found, lost)

    def _update(self, body: Any) -> Answer:
        inputs = body["inputs"]
        if len(inputs) > 100:
            return error(400, "too many inputs", "VALIDATION_ERROR")
        if len({each["id"] for each in inputs}) < len(inputs):
            return error(400, "Duplicate IDs found in batch input", "VALIDATION_ERROR")
        wrong = [
            {"isValid": False, "message": why, "error": "PROPERTY_DOESNT_EXIST", "name": name}
            for each in inputs
            for name, value in each["properties"].items()
            if (why := self._why_not(name, value))
        ]
        if wrong:
            return error(400, f"Property values were not valid: {json.dumps(wrong)}", "VALIDATION_ERROR")
        found, lost = [], []
        for each in inputs:
            if each["id"] not in self.objects["contacts"]:
                trace = {"objectWriteTraceId": [each["objectWriteTraceId"]]} if "objectWriteTraceId" in each else {}
                lost.append(missing("OBJECT_NOT_FOUND", f"{each['id']} not found", **trace))
                continue
            own = self.contact(each["id"])
            if any((own.get(name) or "") != value for name, value in each["properties"].items()):
                own.update({name: value or None for name, value in each["properties"].items()})
                own["lastmodifieddate"] = text_of(self.now)
            found.append(self._shown("contacts", each["id"], list(each["properties"])))
        return batch(found, lost)

    def _why_not(self, name: str, value: str) -> str | None:
        if name not in self.read_only:
            return f'Property "{name}" does not exist'
        if self.read_only[name]:
            return f'"{name}" is a read only property'
        if self.definitions.get(name, {}).get("type") == "number" and value and not value.replace(".", "").isdigit():
            return f"{value} was not a valid number."
        if name == "lifecyclestage" and value == "no such stage":
            return f'{value} was not one of the allowed options: ["lead"]'
        return None

    def _associations(self, of: str, to: str, body: Any) -> Answer:
        found, lost = [], []
        for each in body["inputs"]:
            others, begin = self.links.get((of, to), {}).get(each["id"], []), int(each.get("after", 0))
            if not others:
                lost.append(missing("OBJECT_NOT_FOUND", "No one is associated.", NOBODY, fromObjectId=[each["id"]]))
                continue
            by_id: dict[str, list[int]] = {}
            for other, kind in others[begin : begin + 500]:
                by_id.setdefault(other, []).append(kind)
            kinds = [
                {"toObjectId": int(other), "associationTypes": [association(kind) for kind in of_it]}
                for other, of_it in by_id.items()
            ]
            more = {"paging": {"next": {"after": str(begin + 500)}}} if len(others) > begin + 500 else {}
            found.append({"from": {"id": each["id"]}, "to": kinds, **more})
        answer = batch(found, lost[:1])  # HubSpot counts more errors than it lists
        return Answer(answer.status, {**answer.body, **({"numErrors": len(lost)} if lost else {})})  # type: ignore[dict-item]

    def _definition(self, name: str) -> dict[str, Any]:
        plain = {"label": name, "type": "string", "fieldType": "text", "groupName": "contactinformation"}
        modified = {"archivable": True, "readOnlyDefinition": False, "readOnlyValue": self.read_only[name]}
        more = {"description": "", "options": [], "modificationMetadata": modified}
        return {"name": name, **plain, **more, **self.definitions.get(name, {})}

    def _group(self, name: str) -> dict[str, Any]:
        return {"name": name, "label": name, "displayOrder": -1, "archived": False}

    def _create_properties(self, body: Any) -> Answer:
        made, lost = [], []
        for each in body["inputs"]:
            if each["groupName"] not in self.groups:
                return error(400, f"no group {each['groupName']}", "VALIDATION_ERROR")
            if each["name"].startswith("hs_"):
                lost.append(
                    missing("VALIDATION_ERROR", f"{each['name']}: hs_ is HubSpot's own prefix", name=[each["name"]])
                )
                continue
            self.read_only[each["name"]] = False
            self.definitions[each["name"]] = each
            made.append(self._definition(each["name"]))
        answer = batch(made, lost)
        return Answer(201 if answer.status == 200 else answer.status, answer.body)


def batch(results: Sequence[object], errors: Sequence[object]) -> Answer:
    """The answer to a batch: 207 where a part of it went wrong."""
    times = {"startedAt": "2026-11-30T09:00:00.000Z", "completedAt": "2026-11-30T09:00:01.000Z"}
    wrong = {"errors": list(errors), "numErrors": len(errors)} if errors else {}
    return Answer(207 if errors else 200, {"status": "COMPLETE", "results": list(results), **times, **wrong})


def missing(category: str, message: str, sub_category: str | None = None, **context: list[str]) -> dict[str, Any]:
    """One error among the results of a batch."""
    more = {"subCategory": sub_category} if sub_category else {}
    plain = {"status": "error", "category": category, "message": message, "errors": [], "links": {}}
    return {**plain, "context": context, **more}


def association(kind: int) -> dict[str, Any]:
    """One type of an association; 1 is a contact's primary company."""
    return {"category": "HUBSPOT_DEFINED", "typeId": kind, "label": "Primary" if kind == 1 else None}


def listed(records: Sequence[object], query: Mapping[str, list[str]], *, encode: bool = False) -> Answer:
    """A page of a list; `encode` gives the next place as HubSpot's forms do, already percent-encoded."""
    limit, after = int(query.get("limit", ["10"])[0]), query.get("after", ["0"])[0]
    if "%" in after or (encode and after != "0" and not after.endswith("==")):
        return error(400, "this is no place in the list", "VALIDATION_ERROR")
    begin = int(after.removesuffix("=="))
    following = f"{begin + limit}" + ("%3D%3D" if encode else "")
    more = {"paging": {"next": {"after": following, "link": "x"}}} if len(records) > begin + limit else {}
    return Answer(200, {"results": list(records[begin : begin + limit]), **more})


def text_of(moment: datetime) -> str:
    """A moment as HubSpot writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(text: str) -> int:
    """HubSpot's text for a moment as a number."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


# Ways to fail: each answers instead of HubSpot, or None where there is no answer at all


def throttled(wait: str | None = "2", policy: str = "SECONDLY") -> Callable[[Handler], Answer]:
    """Too many requests."""
    said = error(429, "You have reached your secondly limit.", "RATE_LIMITS", policyName=policy)
    return lambda handler: Answer(429, said.body, {"Retry-After": wait} if wait is not None else {})


def answers(status: int, body: object = None, **headers: str) -> Callable[[Handler], Answer]:
    """Just this answer; text is sent as it is."""
    plain = error(status, "something went wrong with ada@secret.example", "SOMETHING").body
    return lambda handler: Answer(status, plain if body is None else body, headers)


def cut(handler: Handler) -> None:
    """The connection ends in the middle of the answer."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "4096")
    handler.end_headers()
    handler.wfile.write(b'{"results": [')
    handler.wfile.flush()
    handler.close_connection = True


def hang(handler: Handler) -> None:
    """No answer for longer than anybody waits."""
    time.sleep(1.0)
    handler.close_connection = True


def done_but_cut(handler: Handler) -> None:
    """HubSpot did what was asked, and the connection ended before it could say so."""
    handler.fake_answer()
    handler.close_connection = True


class Handler(BaseHTTPRequestHandler):
    """One connection to the fake."""

    protocol_version = "HTTP/1.1"
    server: Server
    sent: Any = None

    def do_GET(self) -> None:
        """Answer, or fail as was ordered."""
        length = int(self.headers.get("Content-Length") or 0)
        self.sent = json.loads(self.rfile.read(length)) if length else None
        fake = self.server.fake
        with fake.lock:
            fake.now += timedelta(seconds=1)
            fake.before_answering(self.path)
            order = next((each for each in fake.faults if each[0] in self.path), None)
            if order is not None:
                fake.faults.remove(order)
        answer = self.fake_answer() if order is None else order[1](self)
        if answer is None:
            self._note(0)
            return
        self._note(answer.status)
        data = answer.body.encode() if isinstance(answer.body, str) else json.dumps(answer.body).encode()
        self.send_response_only(answer.status)
        self.send_header("Date", format_datetime(fake.now.replace(microsecond=0), usegmt=True))
        self.send_header("Content-Type", "text/html" if isinstance(answer.body, str) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_GET

    def fake_answer(self) -> Answer:
        """What the account answers when nothing goes wrong."""
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return error(401, "The OAuth token used to make this call expired.", "EXPIRED_AUTHENTICATION")
        parts = urlsplit(self.path)
        with self.server.fake.lock:
            return self.server.fake.answer(self.command, unquote(parts.path), parse_qs(parts.query), self.sent)

    def _note(self, status: int) -> None:
        parts = urlsplit(self.path)
        asked = Asked(self.command, unquote(parts.path), parse_qs(parts.query), self.sent, status)
        self.server.fake.asked.append(asked)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The fake's server, on a port of its own."""

    daemon_threads = True

    def __init__(self, fake: FakeHubSpot) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.fake = fake

    def handle_error(self, request: object, client_address: object) -> None:
        """Who was tired of waiting has gone: nothing to tell."""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


def serving(fake: FakeHubSpot) -> Iterator[str]:
    """Run the fake while a test wants it: gives its address."""
    with Server(fake) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.address
        server.shutdown()
        thread.join()
