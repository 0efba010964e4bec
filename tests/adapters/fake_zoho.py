"""Zoho CRM's API, as far as it is used: pages by token, rows that answer one by one, COQL."""

from datetime import datetime
from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response

BESIDE = ("$currency_symbol",)


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
                rows = self.accounts if request.query["module"] == "Accounts" else self.records
                return Response(
                    {"fields": [{"api_name": key} for key in dict.fromkeys(key for row in rows for key in row)]}
                )
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

    def _written(self, row: dict[str, Any]) -> dict[str, Any]:
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
