"""Marketo's REST API, as far as it is used: all by HTTP 200, a log of changes read by tokens."""

import re
from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response

TYPES = {
    "boolean", "currency", "date", "datetime", "email", "float", "integer", "percent", "phone", "score", "string", "url",
}  # fmt: skip
"""Of a "CreateLeadField" in the vendor's own description of its API."""


class FakeMarketo(FakeCrm):
    """A log of changes that is read from a token on; leads by id, or of a list; all by HTTP 200."""

    token_path = "/identity/oauth/token"
    page_size = 2

    def __init__(self, records: list[dict[str, Any]]) -> None:
        super().__init__(records)
        self.changes: list[int] = []  # leads' ids, in the order of their changes
        self.activities: list[dict[str, Any]] = []
        self.code: str | None = None
        self.empty_pages = 0

    def new_token(self, request: Request) -> Response:
        assert self.takes_secrets_in_addresses or not request.query  # an address is logged on the way
        if (request.form | request.query)["client_secret"] != "client-secret":
            return Response({"error": "invalid_client", "error_description": "private"}, 401)
        return Response(
            {"access_token": self.token, "token_type": "bearer", "expires_in": 3600, "scope": "api@firm.example"}
        )

    def expired(self) -> Response:
        return self.refusal("602")

    def throttled(self) -> Response:
        return self.refusal("606")

    def refusal(self, code: str) -> Response:
        errors = [{"code": code, "message": "private@lead.example"}]
        return Response({"requestId": "e42b#1", "success": False, "errors": errors})

    def result(self, rows: list[dict[str, Any]], **more: object) -> Response:
        answer: dict[str, Any] = {"requestId": "e42b#1", "success": True, "warnings": [], "errors": [], **more}
        return Response(answer | ({"result": rows} if rows else {}))

    def answer(self, request: Request) -> Response:
        if self.code is not None:
            return self.refusal(self.code)
        match request.method, request.path.removeprefix("/rest/v1/").removesuffix(".json").split("/"):
            case "GET", ["leads", "describe"]:
                names = dict.fromkeys(key for row in [self.made, *self.records] for key in row)
                return self.result([{"rest": {"name": each, "readOnly": False}} for each in names])
            case "GET", ["activities", "pagingtoken"]:
                return self.result([], nextPageToken="at-0")
            case "GET", ["activities", "leadchanges"]:
                rows = [{"id": at, "leadId": each, "activityTypeId": 13} for at, each in enumerate(self.changes)]
                return self._logged(rows, request.query)
            case "GET", ["activities"]:
                ids = request.query["leadIds"].split(",")
                return self._logged([each for each in self.activities if str(each["leadId"]) in ids], request.query)
            case "POST", ["leads"] if (request.form | request.query).get("_method") == "GET":
                ids = request.form["filterValues"].split(",")
                return self.result([self._shown(row, request) for row in self.records if str(row["id"]) in ids])
            case "POST", ["list", _id, "leads"]:
                start = int((request.form | request.query).get("nextPageToken", "at-0").removeprefix("at-"))
                rows = [self._shown(row, request) for row in self.records[start : start + self.page_size]]
                more = start + self.page_size < len(self.records)
                return self.result(rows, **({"nextPageToken": f"at-{start + self.page_size}"} if more else {}))
            case "POST", ["leads", "schema", "fields"]:
                return self._make_fields(request.json)
            case "POST", ["leads"]:
                return self.result([self._written(row) for row in request.json["input"]])
        return self.refusal("610")

    def _make_fields(self, body: dict[str, Any]) -> Response:
        if not self.may_make_fields:
            errors = [{"code": "603", "message": "Access denied"}]
            return Response({"requestId": "e42b#1", "success": False, "errors": errors})
        assert body.keys() == {"input"}
        for field in body["input"]:
            assert {"displayName", "name", "dataType"} <= field.keys()
            assert field.keys() <= {"displayName", "name", "dataType", "description"}
            assert re.fullmatch("[A-Za-z][A-Za-z0-9_]*", field["name"])
            assert re.fullmatch("[A-Za-z0-9 ]+", field["displayName"])
            assert field["dataType"] in TYPES
            if field["name"] in self.fields_refused:
                errors = [{"code": "1018", "message": "no room for another"}]
                return Response({"requestId": "e42b#1", "success": False, "errors": errors})
            self.make(field["name"], field)
        return self.result([{"name": field["name"], "status": "created"} for field in body["input"]])

    def _shown(self, row: dict[str, Any], request: Request) -> dict[str, Any]:
        return {key: row[key] for key in request.form["fields"].split(",") if key in row}

    def _logged(self, rows: list[dict[str, Any]], query: dict[str, str]) -> Response:
        if self.empty_pages:
            self.empty_pages -= 1
            skipped = query["nextPageToken"] + "+"
            return self.result([], nextPageToken=skipped, moreResult=True)
        start = int(query["nextPageToken"].rstrip("+").removeprefix("at-"))
        page = rows[start : start + self.page_size]
        more = start + self.page_size < len(rows)
        return self.result(page, nextPageToken=f"at-{start + len(page)}", moreResult=more)

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
        if str(row["id"]) in self.refusals:
            return {"status": "skipped", "reasons": [{"code": self.refusals[str(row["id"])], "message": "not found"}]}
        if not self.take("id", str(row["id"]), row, "updatedAt", "%Y-%m-%dT%H:%M:%SZ"):
            return {"status": "skipped", "reasons": [{"code": "1004", "message": "Lead not found"}]}
        self.changes.append(row["id"])
        return {"id": row["id"], "status": "updated"}
