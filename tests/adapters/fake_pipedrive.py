"""Pipedrive's API, as far as it is used: leads by v1, everything else by v2."""

from hashlib import sha1
from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response

STAGE, GRADE = "a" * 40, "b" * 40
FIELDS = [
    {"field_name": "Title", "field_code": "title", "options": None},
    {"field_name": "Qualify stage", "field_code": STAGE, "options": None},
    {"field_name": "Grade", "field_code": GRADE, "options": [{"id": 7, "label": "A"}, {"id": 8, "label": "B"}]},
]


TYPES = {
    "varchar", "varchar_auto", "text", "double", "monetary", "date", "set", "enum", "user", "org", "people", "phone",
    "time", "timerange", "daterange", "address",
}  # fmt: skip
"""By "Create one deal field" of its API v2."""


class FakePipedrive(FakeCrm):
    """Leads by `start` and `limit` (v1); the rest by `cursor` (v2)."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        super().__init__(records)
        self.fields = list(FIELDS)
        self.persons: list[dict[str, Any]] = []
        self.organizations: list[dict[str, Any]] = []
        self.activities: list[dict[str, Any]] = []
        self.deals: list[dict[str, Any]] = []

    def is_signed(self, request: Request) -> bool:
        told = request.query.get("api_token") if self.takes_secrets_in_addresses else None
        return (told or request.headers.get("x-api-token")) == self.token

    def expired(self) -> Response:
        return Response({"success": False, "error": "unauthorized access", "errorCode": 401}, 401)

    def answer(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case ["v1", "leads"]:
                return self._leads(request.query)
            case ["v1", "leads", lead]:
                return self._write(lead, request.json)
            case ["v1", "users"]:
                return Response({"success": True, "data": [{"id": 25760681, "name": "Nango"}]})
            case ["api", "v2", "dealFields"] if request.method == "POST":
                return self._make_field(request.json)
            case ["api", "v2", "dealFields"]:
                return Response({"success": True, "data": self.fields, "additional_data": {"next_cursor": None}})
            case ["api", "v2", kind]:
                return self._listed(getattr(self, kind), request.query)
        return Response(text="<html>no such page</html>", status=404, headers={"Content-Type": "text/html"})

    def _leads(self, query: dict[str, str]) -> Response:
        since, start = query.get("updated_since", ""), int(query["start"])
        rows = sorted(self.records, key=lambda row: (row["update_time"], row["id"]))
        rows = [row for row in rows if row["update_time"][:19] + "Z" >= since]
        limit = int(query["limit"])
        place = {"start": start, "limit": limit, "more_items_in_collection": start + limit < len(rows)}
        return Response(
            {"success": True, "data": rows[start : start + limit], "additional_data": {"pagination": place}}
        )

    def _listed(self, rows: list[dict[str, Any]], query: dict[str, str]) -> Response:
        if "ids" in query:
            rows = [row for row in rows if str(row["id"]) in query["ids"].split(",")]
        if "updated_since" in query:
            rows = [row for row in rows if row["update_time"].replace(" ", "T") + "Z" >= query["updated_since"]]
        for key in ("lead_id", "person_id"):
            if key in query:
                rows = [row for row in rows if str(row.get(key)) == query[key]]
        start = int(query.get("cursor", 0))
        more = str(start + 2) if start + 2 < len(rows) else None
        return Response({"success": True, "data": rows[start : start + 2], "additional_data": {"next_cursor": more}})

    def _make_field(self, field: dict[str, Any]) -> Response:
        if not self.may_make_fields:
            return Response({"success": False, "error": "Scope and URL mismatch", "error_info": "see the docs"}, 403)
        known = {"field_name": str, "field_type": str, "description": str}
        wrong = [key for key, value in field.items() if not isinstance(value, known.get(key, ()))]
        if wrong or field.get("field_type") not in TYPES or not field.get("field_name"):
            return Response({"success": False, "error": "Validation failed", "error_info": str(wrong)}, 400)
        if field["field_name"] in self.fields_refused:
            return Response({"success": False, "error": "no room for another", "error_info": "see the docs"}, 400)
        code = sha1(f"{len(self.fields)}".encode()).hexdigest()
        made = {"field_name": field["field_name"], "field_code": code, "options": None}
        self.fields.append({**made, "field_type": field["field_type"], "is_custom_field": True})
        self.make(code, field)
        return Response({"success": True, "data": self.fields[-1]})

    def _write(self, lead: str, changes: dict[str, Any]) -> Response:
        if lead in self.refusals:
            return Response({"success": False, "error": self.refusals[lead], "error_info": "see the docs"}, 400)
        if not self.take("id", lead, changes, "update_time", "%Y-%m-%dT%H:%M:%S.000Z"):
            return Response({"success": False, "error": "Lead not found"}, 404)
        return Response({"success": True, "data": {"id": lead}})
