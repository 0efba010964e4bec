"""Zoho CRM's API, as far as it is used: pages by token, rows that answer one by one, COQL."""

from datetime import datetime
from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response

LENGTHS = {"text": range(1, 256), "textarea": (2000, 32000, 50000), "double": range(1, 19)}
"""By "Field Types: Data Types and Length Limits" of "Create Custom Fields"."""

BESIDE = ("id", "$currency_symbol")
"""What comes whether it was asked for or not."""


class FakeZoho(FakeCrm):
    """Pages by token, in the order of changes; a token for an hour, for a refresh token."""

    token_path = "/oauth/v2/token"
    page_size = 3

    def __init__(self, records: list[dict[str, Any]]) -> None:
        super().__init__(records)
        self.accounts: list[dict[str, Any]] = []
        self.calls: list[dict[str, Any]] = []
        self.refuses_to_renew = False
        self.repeats = False
        self.lacks_scope = False

    def is_signed(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Zoho-oauthtoken {self.token}"

    def expired(self) -> Response:
        return Response({"code": "INVALID_TOKEN", "details": {}, "message": "invalid", "status": "error"}, 401)

    def new_token(self, request: Request) -> Response:
        if self.refuses_to_renew or request.form["refresh_token"] != "refresh-secret":
            return Response({"error": "invalid_code"})
        return super().new_token(request)

    def answer(self, request: Request) -> Response:
        match request.method, request.path.removeprefix("/crm/v8/").split("/"):
            case "GET", ["settings", "fields"]:
                rows = [self.made, *(self.accounts if request.query["module"] == "Accounts" else self.records)]
                return Response(
                    {"fields": [{"api_name": key} for key in dict.fromkeys(key for row in rows for key in row)]}
                )
            case "POST", ["settings", "fields"]:
                return self._make_fields(request)
            case "GET", ["users"]:
                assert request.query == {"type": "CurrentUser"}
                return Response(
                    {"users": [{"id": "41", "first_name": "Kim", "last_name": "Vogel", "email": "kim@firm.example"}]}
                )
            case "GET", ["org"]:
                return Response({"org": [{"id": "40", "company_name": "Firm"}]})
            case "GET", ["Accounts"]:
                return Response(
                    {"data": [row for row in self.accounts if row["id"] in request.query["ids"].split(",")]}
                )
            case "GET", [_module]:
                return self._page(request)
            case "PUT", [_module]:
                return Response({"data": [self._written(row) for row in request.json["data"]]}, 207)
            case "POST", ["coql"]:
                return self._queried(request.json["select_query"])
        return Response({"code": "INVALID_URL_PATTERN", "status": "error"}, 404)

    def _page(self, request: Request) -> Response:
        since = request.headers.get("if-modified-since")
        rows = sorted(self.records, key=lambda row: (datetime.fromisoformat(row["Modified_Time"]), row["id"]))
        if since is not None:
            rows = [row for row in rows if datetime.fromisoformat(row["Modified_Time"]) > datetime.fromisoformat(since)]
            if not rows:
                return Response(status=304)
        if not rows:
            return Response(status=204)
        start = int(request.query.get("page_token", "at-0").removeprefix("at-"))
        wanted = (*request.query["fields"].split(","), *BESIDE)
        page = [{key: row[key] for key in wanted if key in row} for row in rows[start : start + self.page_size]]
        more = start + self.page_size < len(rows)
        token = "at-0" if self.repeats else f"at-{start + self.page_size}"
        return Response({"data": page, "info": {"more_records": more, "next_page_token": token if more else None}})

    def _make_fields(self, request: Request) -> Response:
        if self.lacks_scope:
            return Response({"code": "OAUTH_SCOPE_MISMATCH", "message": "invalid oauth scope", "status": "error"}, 401)
        if not self.may_make_fields:
            return Response({"code": "NO_PERMISSION", "message": "permission denied", "status": "error"}, 403)
        assert request.query["module"] in ("Leads", "Contacts")
        assert 1 <= len(request.json["fields"]) <= 5
        rows = [self._make_field(field) for field in request.json["fields"]]
        return Response({"fields": rows}, 201 if all(row["status"] == "success" for row in rows) else 400)

    def _make_field(self, field: dict[str, Any]) -> dict[str, Any]:
        kind, length = field.get("data_type"), field.get("length")
        name, code = str(field.get("field_label")).replace(" ", "_"), None
        known = field.keys() <= {"field_label", "data_type", "length", "decimal_place", "textarea", "tooltip"}
        if not isinstance(field.get("field_label"), str) or kind is None:
            code = "MANDATORY_NOT_FOUND"
        elif not known or kind not in {*LENGTHS, "boolean", "date", "datetime"}:
            code = "INVALID_DATA"
        elif length not in LENGTHS.get(kind, (None,)):
            code = "DEPENDENT_MISMATCH"
        elif kind == "textarea" and field["textarea"] != {"type": {2000: "small", 32000: "large"}[length]}:
            code = "DEPENDENT_FIELD_MISSING"
        elif "tooltip" in field and (field["tooltip"]["name"] != "info_icon" or len(field["tooltip"]["value"]) > 255):
            code = "INVALID_DATA"
        elif name in self.fields_refused:
            code = "LIMIT_EXCEEDED"
        elif name in self.made:
            code = "DUPLICATE_DATA"
        if code:
            return {"code": code, "details": {}, "message": "no room for another", "status": "error"}
        self.make(name, field)
        return {"code": "SUCCESS", "details": {"id": "1112"}, "message": "field created", "status": "success"}

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
        row = {**row, "id": str(row["id"])}  # its own client tells it as a number
        if row["id"] in self.refusals:
            details = {"api_name": "Qualify_Stage", "expected_data_type": "text"}
            return {"code": self.refusals[row["id"]], "details": details, "message": "invalid data", "status": "error"}
        if not self.take("id", row["id"], row, "Modified_Time", "%Y-%m-%dT%H:%M:%S+03:00"):
            return {"code": "INVALID_DATA", "details": {"api_name": "id"}, "message": "no such id", "status": "error"}
        return {"code": "SUCCESS", "details": {"id": row["id"]}, "message": "record updated", "status": "success"}

    def _queried(self, query: str) -> Response:
        if "from Calls" not in query:
            return Response(status=204)
        key = "What_Id->Leads.id" if "Leads.id" in query else "Who_Id"
        rows = [{**row, key: row["What_Id"]["id"] if "->" in key else row["Who_Id"]} for row in self.calls]
        return Response({"data": rows, "info": {"more_records": False}})
