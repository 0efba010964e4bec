"""Dataverse's Web API, as far as it is used: pages by a link, batches as parts of one text."""

import json
import re
from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response

KINDS = {
    "String": {"FormatName": {"Value": "Text"}, "MaxLength": 255},
    "Memo": {"Format": "TextArea", "MaxLength": 32000},
    "Decimal": {"MinValue": -100_000_000_000, "MaxValue": 100_000_000_000, "Precision": 4},
    "Boolean": {"DefaultValue": False},
    "DateTime": {},
}
"""What more a new column of each kind says."""


class FakeDataverse(FakeCrm):
    """Pages by a link of its own; batches as parts of one text; tokens of a tenant."""

    token_path = "/tenant-1/oauth2/v2.0/token"
    page_size = 2

    def __init__(self, records: list[dict[str, Any]]) -> None:
        super().__init__(records)
        self.activities: list[dict[str, Any]] = []
        self.link: str | None = None
        self.key = "leadid"
        self.language = 1031
        self.prefixes, self.solutions = ("new_",), {"acme": ("acme_",)}

    def new_token(self, request: Request) -> Response:
        if request.form["client_secret"] != "client-secret":
            return Response({"error": "invalid_client", "error_description": "private"}, 401)
        assert request.form["scope"] == f"{self.address}/.default"
        return super().new_token(request)

    def expired(self) -> Response:
        return Response(status=401)

    def answer(self, request: Request) -> Response:
        path = request.path.removeprefix("/api/data/v9.2/")
        if path == "organizations":
            return Response({"value": [{"organizationid": "1", "languagecode": self.language}]})
        if path.startswith("EntityDefinitions") and request.method == "POST":
            assert re.fullmatch(r"EntityDefinitions\(LogicalName='(lead|contact)'\)/Attributes", path)
            return self._make_column(request)
        if request.query.get("$filter") == "LogicalName eq 'lead'":
            table = {
                "LogicalName": "lead",
                "SchemaName": "Lead",
                "EntitySetName": "leads",
                "PrimaryIdAttribute": "leadid",
            }
            return Response({"value": [table]})
        if path.startswith("EntityDefinitions"):
            names = [*self.made]
            names += [key for row in self.records for key in row if not key.startswith(("_", "@"))]
            names += [key[1:-6] for row in self.records for key in row if key.startswith("_")]
            return Response({"value": [{"LogicalName": each} for each in dict.fromkeys(names)]})
        if path in ("leads", "contacts"):
            return self._page(request)
        if found := re.fullmatch(r"leads\((.*)\)", path):
            there = self.take(self.key, found[1], request.json, "modifiedon", "%Y-%m-%dT%H:%M:%SZ")
            return (
                Response(status=204)
                if there
                else Response({"error": {"code": "0x80040217", "message": "no lead"}}, 404)
            )
        if path == "activitypointers":
            ids = re.findall("'([0-9a-f-]{36})'", request.query["$filter"])
            return Response({"value": [row for row in self.activities if row["_regardingobjectid_value"] in ids]})
        assert path == "$batch"
        return self._batch(request)

    def _make_column(self, request: Request) -> Response:
        column, name = request.json, request.json["SchemaName"]
        solution = request.headers.get("mscrm.solutionuniquename")
        prefixes = self.prefixes if solution is None else self.solutions[solution]
        if not self.may_make_fields:
            words = "Principal user (Id=1, type=8) is missing prvCreateAttribute privilege"
            return Response({"error": {"code": "0x80040220", "message": words}}, 403)
        if not name.startswith(prefixes):
            words = f"{name} does not begin with a prefix of a publisher"
            return Response({"error": {"code": "0x80044363", "message": words}}, 400)
        if name.lower() in self.made:
            return Response({"error": {"code": "0x80044153", "message": f"{name} is there"}}, 400)
        if name in self.fields_refused:
            return Response({"error": {"code": "0x80060430", "message": "no room for another"}}, 400)
        kind = column["AttributeType"]
        assert column["@odata.type"] == f"Microsoft.Dynamics.CRM.{kind}AttributeMetadata"
        assert column["AttributeTypeName"] == {"Value": f"{kind}Type"}
        assert column["RequiredLevel"]["Value"] == "None"
        assert KINDS[kind].items() <= column.items()
        labels = [column["DisplayName"], column["Description"]]
        if kind == "Boolean":
            options = column["OptionSet"]
            assert (options["TrueOption"]["Value"], options["FalseOption"]["Value"]) == (1, 0)
            labels += [options["TrueOption"]["Label"], options["FalseOption"]["Label"]]
        if kind == "DateTime":
            assert column["Format"] in ("DateOnly", "DateAndTime")
        for label in labels:
            assert label["@odata.type"] == "Microsoft.Dynamics.CRM.Label"
            [said] = label["LocalizedLabels"]
            assert said["Label"]
            if said["LanguageCode"] != self.language:  # there has to be one in the base language
                return Response({"error": {"code": "0x80044361", "message": "no label in the base language"}}, 400)
        self.make(name.lower(), column)
        return Response(status=204, headers={"OData-EntityId": f"{self.address}{request.path}(1)"})

    def _page(self, request: Request) -> Response:
        query = request.query
        start = int(query.get("$skiptoken", 0))
        assert query.get("$skiptoken") or query["$orderby"].startswith("modifiedon asc")
        assert 'include-annotations="*"' in request.headers["prefer"]
        since = query.get("$filter", "modifiedon ge ").removeprefix("modifiedon ge ")
        rows = sorted((row for row in self.records if row["modifiedon"] >= since), key=lambda row: row["modifiedon"])
        answer: dict[str, Any] = {"@odata.context": "…", "value": rows[start : start + self.page_size]}
        if start + self.page_size < len(rows):
            skip = f"{self.address}{request.path}?$skiptoken={start + self.page_size}&$filter=modifiedon ge {since}"
            answer["@odata.nextLink"] = self.link or skip.replace(" ", "%20")
        return Response(answer)

    def _batch(self, request: Request) -> Response:
        assert "continue-on-error" in request.headers["prefer"]
        parts = []
        for path, body in re.findall(r"PATCH (\S+) HTTP/1.1\r\n.*?If-Match: \*\r\n\r\n(.*?)\r\n--", request.body, re.S):
            row = re.findall(r"\((.*)\)", path)[0]
            status, text = "204 No Content", ""
            if row in self.refusals:
                status, _, code = self.refusals[row].partition("/")
                text = json.dumps({"error": {"code": code, "message": "no such lead"}})
            elif not self.take(self.key, row, json.loads(body), "modifiedon", "%Y-%m-%dT%H:%M:%SZ"):
                status, text = "404 Not Found", json.dumps({"error": {"code": "0x80040217"}})
            parts.append(
                f"--answer\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status}\r\nRetry-After: 9\r\n\r\n{text}\r\n"
            )
        return Response(
            text="".join(parts) + "--answer--\r\n", headers={"Content-Type": "multipart/mixed; boundary=answer"}
        )
