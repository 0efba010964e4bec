"""Tryton's JSON-RPC over opportunities in memory, for what a real server does rarely."""

import base64
from datetime import UTC, datetime

from qualify.adapters.tryton.models import tagged
from qualify.mapping.tagged import untagged
from tests.adapters.fake_crm import FakeCrm, Response

FIELDS = {
    "sale.opportunity": {
        "id": {"type": "integer"}, "state": {"type": "selection", "readonly": True}, "comment": {"type": "text"},
        "party": {"type": "many2one", "relation": "party.party"},
        **{name: {"type": "timestamp"} for name in ("create_date", "write_date", "last_modified_at")},
    },
    "party.party": {"name": {"type": "char"}, "email": {"type": "char"}},
}  # fmt: skip


def tag(minute, microsecond=0):
    return {"__class__": "datetime", "year": 2026, "month": 11, "day": 24, "hour": 10, "minute": minute, "second": 0,
            "microsecond": microsecond}  # fmt: skip


def opportunity(name, *, made=0, changed=None):
    return {"id": name, "state": "lead", "create_date": tag(made), "write_date": changed and tag(changed),
            "last_modified_at": tag(changed or made), "party.": {"name": "Demo", "email": "private@lead.example"}}  # fmt: skip


class FakeTryton(FakeCrm):
    """JSON-RPC over opportunities in memory. `repeats` gives the same page whatever is asked."""

    def __init__(self, records):
        super().__init__(records)
        self.fields = {model: dict(fields) for model, fields in FIELDS.items()}
        self.notes, self.repeats, self.log_ins = [], False, 0
        self.error = None

    def is_signed(self, request):
        return request.json["method"] == "common.db.login" or request.headers.get("authorization") == self.signed

    @property
    def signed(self):
        return "Session " + base64.b64encode(f"admin:1:{self.token}".encode()).decode()

    def expired(self):
        return Response(status=401)

    def throttled(self):
        return Response(text="<h1>private@lead.example</h1>", status=429, headers={"Retry-After": "7"})

    def answer(self, request):
        method, params = request.json["method"], request.json["params"]
        if self.error is not None:
            return Response({"id": 1, "error": self.error})
        return Response({"id": 1, "result": self.result(method, *params)})

    def change(self, name, changes):
        """Whoever writes what is there already changes nothing."""
        (row,) = (each for each in self.records if each["id"] == name)
        if any(row.get(key) != value for key, value in changes.items()):
            now = tagged(datetime.now(UTC))
            row.update(changes, write_date=now, last_modified_at=now)

    def result(self, method, *params):
        match method.removeprefix("model.").rsplit(".", 1):
            case ["common.db", "login"]:
                self.log_ins += 1
                return [1, self.token, None]
            case [model, "fields_get"]:
                return {
                    name: each
                    for name, each in self.fields.get(model, {}).items()
                    if params[0] is None or name in params[0]
                }
            case ["sale.opportunity", "search_count"]:
                return len(self.records)
            case ["sale.opportunity", "search_read"]:
                domain, _, limit, order = params[:4]
                found = self.records if self.repeats else [each for each in self.records if holds(each, domain)]
                return sorted(found, key=lambda row: [value(row, name) for name, _ in order])[:limit]
            case ["sale.opportunity", "search"]:
                return [each["id"] for each in self.records if holds(each, params[0])]
            case ["sale.opportunity", "write"]:
                for (name,), changes in zip(params[0:-1:2], params[1:-1:2], strict=True):
                    self.change(name, changes)
            case ["ir.note", "search_read"]:
                return [each for each in self.notes if each["resource"] in params[0][0][2]]
            case ["ir.note", "create"]:
                for each in params[0]:
                    self.notes.append({"id": len(self.notes) + 1, **each})
                return [each["id"] for each in self.notes]
            case ["ir.note", "delete"]:
                self.notes = [each for each in self.notes if each["id"] not in params[0]]
        return {} if method.endswith("get_preferences") else None


def value(row, name):
    found = row
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return untagged(found)


def holds(row, domain):
    """A domain of Tryton: a clause, or a list of them that all hold, or `OR` and a list of which one does."""
    if not domain:
        return True
    if isinstance(domain[0], str) and domain[0] != "OR":
        found, how, given = value(row, domain[0]), domain[1], untagged(domain[2])
        if how == "in":
            return found in given
        return found is not None and {"=": found == given, ">": found > given, ">=": found >= given}[how]
    if domain[0] == "OR":
        return any(holds(row, each) for each in domain[1:])
    return all(holds(row, each) for each in domain)
