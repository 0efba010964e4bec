"""Salesforce's documented wire format, over HTTPS on loopback: the vendor's own client can't speak anything else."""

import csv
import io
import json
import re
import ssl
import subprocess
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response
from tests.adapters.salesforce.soql import BadQuery, columns_of, rows_of, table_of

API = "/services/data/v60.0/"
CREATED = "2026-05-01T07:25:37.000+0000"
TEXT, CUSTOM = {"type": "string", "updateable": True}, ("Qualify_Stage__c", "Qualify_Reason__c", "Qualify_Score_fit__c")
MOMENT = {"type": "datetime", "updateable": False}
COLUMNS: dict[str, dict[str, dict[str, Any]]] = {
    "Lead": {
        **dict.fromkeys(("Id", "FirstName", "LastName", "Email", "Title", "Phone", "MobilePhone", "Company", "Website",
                         "Industry", "Country", "State", "City", "LeadSource", "Status", "Rating", *CUSTOM), TEXT),
        "Address": {"type": "address", "updateable": False},
        "NumberOfEmployees": {"type": "int", "updateable": True},
        "AnnualRevenue": {"type": "currency", "updateable": True},
        "HasOptedOutOfEmail": {"type": "boolean", "updateable": True},
        "IsConverted": {"type": "boolean", "updateable": False},
        **dict.fromkeys(("SystemModstamp", "CreatedDate", "LastActivityDate"), MOMENT),
        "OwnerId": {"type": "reference", "updateable": True, "relationshipName": "Owner", "referenceTo": ["Group", "User"]},
    },
    "Contact": {
        **dict.fromkeys(("Id", "FirstName", "LastName", "Email", "Title", "Department", "Phone", "MailingCountry",
                         "MailingState", "MailingCity", *CUSTOM), TEXT),
        "HasOptedOutOfEmail": {"type": "boolean", "updateable": True},
        **dict.fromkeys(("SystemModstamp", "CreatedDate"), MOMENT),
        "AccountId": {"type": "reference", "updateable": True, "relationshipName": "Account", "referenceTo": ["Account"]},
    },
    "Account": {
        **dict.fromkeys(("Id", "Name", "Type", "Industry", "Website", "BillingCountry"), TEXT),
        "NumberOfEmployees": {"type": "int", "updateable": True},
        "SystemModstamp": {"type": "datetime", "updateable": False},
    },
    "User": dict.fromkeys(("Id", "Name"), TEXT),
    "Task": dict.fromkeys(("Id", "WhoId", "Status", "IsClosed", "TaskSubtype", "Type", "ActivityDate",
                           "CompletedDateTime", "CallDisposition", "SystemModstamp"), TEXT),
    "Event": dict.fromkeys(("Id", "WhoId", "StartDateTime", "ActivityDate", "IsChild", "SystemModstamp"), TEXT),
    "CampaignMember": {
        **dict.fromkeys(("Id", "LeadId", "ContactId", "Status", "HasResponded", "FirstRespondedDate", "CreatedDate",
                         "SystemModstamp"), TEXT),
        "CampaignId": {"type": "reference", "relationshipName": "Campaign", "referenceTo": ["Campaign"]},
    },
    "Campaign": dict.fromkeys(("Id", "Name", "Type"), TEXT),
}  # fmt: skip


def certificate(folder: Path) -> Path:
    """A certificate for loopback with its key in one file, made by openssl."""
    file = folder / "loopback.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1,DNS:login.salesforce.com",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return file


KINDS = {
    "Text": ("string", {"length": 255}),
    "LongTextArea": ("textarea", {"length": 32768, "visibleLines": 3}),
    "Number": ("double", {"precision": 18, "scale": 4}),
    "Checkbox": ("boolean", {"defaultValue": "false"}),
    "Date": ("date", {}),
    "DateTime": ("datetime", {}),
}
"""What a new field of each type is described as afterwards, and what more it has to say."""


class FakeSalesforce(FakeCrm):
    """Tables in memory. `says_done` answers `done: true` on every page, `repeats` gives the first next page for ever."""

    def __init__(self, pem: Path, **tables: list[dict[str, Any]]) -> None:
        super().__init__()
        self.pem = pem
        self.tables = {name: [dict(each) for each in tables.get(name, [])] for name in COLUMNS}
        self.columns = {name: dict(columns) for name, columns in COLUMNS.items()}
        self.says_done = self.repeats = False
        self.lost: set[str] = set()
        self.jobs: dict[str, dict[str, Any]] = {}
        self.queries: dict[str, list[dict[str, Any]]] = {}
        self.soql: list[str] = []
        self.locked: set[str] = set()
        self.daily_limit = self.refuses_log_in = False
        self.permission_sets = {"Qualify": "0PS000000000001AAA", "Others": "0PS000000000002AAA"}
        self.has_sets = {"0PS000000000001AAA"}  # those that this user has
        self.permissions: list[tuple[str, str]] = []

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    @property
    def address(self) -> str:
        return super().address.replace("http:", "https:")

    def __enter__(self):
        super().__enter__()
        self._server.shutdown()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    # What Salesforce says

    def expired(self) -> Response:
        return error(401, "INVALID_SESSION_ID", "Session expired or invalid")

    def throttled(self) -> Response:
        return Response([{"errorCode": "TOO_MANY", "message": "private@lead.example"}], 429, {"Retry-After": "7"})

    def respond(self, request: Request) -> Response | None:
        if request.path.startswith("/services/Soap/u/"):
            self.requests.append(request)
            if self.refuses_log_in:
                return Response(text=REFUSED.format(body=request.body.replace("<", "")), status=500)
            return Response(
                text=LOGIN.format(token=self.token, address=self.address), headers={"Content-Type": "text/xml"}
            )
        return super().respond(request)

    def answer(self, request: Request) -> Response:
        if self.daily_limit:
            return error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        path = request.path.removeprefix(API)
        try:
            return self._answer(request, path.split("/"))
        except BadQuery as why:
            return error(400, "MALFORMED_QUERY", str(why))

    def _answer(self, request: Request, path: list[str]) -> Response:
        match path:
            case ["query", ""]:
                return self._query(request.query["q"])
            case ["query", locator]:
                return self._page(locator)
            case ["tooling", "query"]:
                return self._tooling(request.query["q"])
            case ["tooling", "sobjects", "CustomField"]:
                return self._make_field(request.json)
            case ["query"]:
                return self._permission_set(request.query["q"])
            case ["sobjects", "FieldPermissions"]:
                return self._let_see(request.json)
            case ["sobjects", table, "describe"] if table in self.columns:
                fields = [{"name": name, **each} for name, each in self.columns[table].items()]
                return Response({"name": table, "fields": fields})
            case ["composite", "sobjects"]:
                body = request.json
                assert body["allOrNone"] is False
                return Response([self._update(row) for row in body["records"]])
            case ["jobs", "query"]:
                return self._job({"soql": request.json["query"]})
            case ["jobs", "query", job]:
                return Response({"id": job, "state": "JobComplete"})
            case ["jobs", "query", job, "results"]:
                return self._csv_page(self.jobs[job]["soql"], request)
            case ["jobs", "ingest"]:
                return self._job(dict(request.json))
            case ["jobs", "ingest", job, "batches"]:
                self._ingest(self.jobs[job], request.body)
                return Response(status=201)
            case ["jobs", "ingest", job]:
                job = self.jobs[job]
                done = {"numberRecordsProcessed": len(job["rows"]), "numberRecordsFailed": len(job["failed"])}
                return Response({"id": path[-1], "state": "JobComplete", **done})
            case ["jobs", "ingest", job, "failedResults"]:
                return csv_response(self.jobs[job]["failed"])
            case ["jobs", "ingest", job, _]:
                return csv_response([])
        return error(404, "NOT_FOUND", "The requested resource does not exist")

    # New fields: made by the Tooling API, seen by nobody until a permission set lets them

    def _tooling(self, soql: str) -> Response:
        found = re.fullmatch(
            r"SELECT DeveloperName, NamespacePrefix FROM CustomField WHERE TableEnumOrId = '(\w+)'", soql
        )
        assert found
        names = [*CUSTOM, *(name.partition(".")[2] for name in self.made if name.startswith(f"{found[1]}."))]
        rows = [{"DeveloperName": name.removesuffix("__c"), "NamespacePrefix": None} for name in names]
        return Response({"size": len(rows), "done": True, "records": rows})

    def _make_field(self, body: dict[str, Any]) -> Response:
        if not self.may_make_fields:
            return error(400, "INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")
        assert body.keys() == {"FullName", "Metadata"}
        table, _, name = body["FullName"].partition(".")
        metadata = body["Metadata"]
        if not name.endswith("__c"):
            return error(400, "FIELD_INTEGRITY_EXCEPTION", f"{name}: a custom field's name ends in __c")
        if body["FullName"] in self.made or name in self.columns[table]:
            return error(400, "DUPLICATE_DEVELOPER_NAME", f"There is already a field named {name} on {table}.")
        assert 0 < len(metadata["label"]) <= 40
        assert KINDS[metadata["type"]][1].items() <= metadata.items()
        self.made[body["FullName"]] = metadata
        return Response({"id": "00N000000000001AAA", "success": True, "errors": []}, 201)

    def _permission_set(self, soql: str) -> Response:
        found = re.fullmatch(r"SELECT Id FROM PermissionSet WHERE Name = '(\w+)'", soql)
        assert found
        rows = [{"Id": each} for name, each in self.permission_sets.items() if name == found[1]]
        return Response({"totalSize": len(rows), "done": True, "records": rows})

    def _let_see(self, body: dict[str, Any]) -> Response:
        assert body.keys() == {"ParentId", "SobjectType", "Field", "PermissionsRead", "PermissionsEdit"}
        assert body["PermissionsRead"] is body["PermissionsEdit"] is True
        if (body["ParentId"], body["Field"]) in self.permissions:
            return error(400, "DUPLICATE_VALUE", "duplicate value found")
        self.permissions.append((body["ParentId"], body["Field"]))
        if body["ParentId"] in self.has_sets:
            name = body["Field"].removeprefix(f"{body['SobjectType']}.")
            kind = KINDS[self.made[body["Field"]]["type"]][0]
            self.columns[body["SobjectType"]][name] = {"type": kind, "updateable": True}
        return Response({"id": "01k000000000001AAA", "success": True, "errors": []}, 201)

    def _query(self, soql: str) -> Response:
        self.soql.append(soql)
        table = table_of(soql)
        if columns_of(soql) == ["COUNT()"]:
            return Response({"totalSize": len(rows_of(soql, self.tables[table])), "done": True, "records": []})
        for column in columns_of(soql):
            self._known(table, column)
        rows = [self._shaped(table, row, columns_of(soql)) for row in rows_of(soql, self.tables[table])]
        locator = f"01g{len(self.queries):015}"
        self.queries[locator] = rows
        return self._page(f"{locator}-0")

    def _known(self, table: str, column: str) -> None:
        first, _, rest = column.partition(".")
        for each in self.columns[table].values():
            if rest and each.get("relationshipName") == first:
                self._known(each["referenceTo"][-1], rest)
                return
        if first not in self.columns[table] or rest:
            raise BadQuery(f"No such column '{column}' on entity '{table}'")

    def _shaped(self, table: str, row: dict[str, Any], columns: list[str]) -> dict[str, Any]:
        shaped: dict[str, Any] = {"attributes": {"type": table, "url": f"{API}sobjects/{table}/{row['Id']}"}}
        for column in columns:
            first, _, rest = column.partition(".")
            parent = row.get(first)
            if rest:
                shaped[first] = parent and {**(shaped.get(first) or {}), rest: parent.get(rest)}
            else:
                shaped[first] = parent
        return shaped

    def _page(self, locator: str) -> Response:
        name, _, start = locator.rpartition("-")
        if locator in self.lost:
            self.lost.discard(locator)
            return error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        rows, at = self.queries[name], int(start)
        answer = {"totalSize": len(rows), "done": True, "records": rows[at : at + self.page_size]}
        following = at + self.page_size
        if self.repeats and at:
            following = at
        if following < len(rows):
            answer |= {"done": self.says_done, "nextRecordsUrl": f"{API}query/{name}-{following}"}
        return Response(answer)

    def _update(self, row: dict[str, Any]) -> dict[str, Any]:
        table, name = row["attributes"]["type"], row["Id"]
        if name in self.locked:
            self.locked.discard(name)
            return failed("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")
        if name in self.refusals:
            return failed("FIELD_CUSTOM_VALIDATION_EXCEPTION", self.refusals[name])
        changes = {key: value for key, value in row.items() if key not in ("attributes", "Id")}
        unknown = changes.keys() - self.columns[table].keys()
        if unknown:
            return failed("INVALID_FIELD", f"No such column '{min(unknown)}' on sobject of type {table}")
        for each in self.tables[table]:
            if each["Id"] == name:
                self.written.append((name, changes))
                if any(each.get(key) != value for key, value in changes.items()):
                    each.update(changes, SystemModstamp=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000"))
                return {"id": name, "success": True, "errors": []}
        return failed("ENTITY_IS_DELETED", "entity is deleted")

    # The Bulk API

    def _job(self, said: dict[str, Any]) -> Response:
        name = f"750{len(self.jobs):015}"
        self.jobs[name] = {**said, "rows": [], "failed": []}
        return Response({"id": name, "state": "Open"})

    def _csv_page(self, soql: str, request: Request) -> Response:
        columns, rows = columns_of(soql), rows_of(soql, self.tables[table_of(soql)])
        at = int(request.query.get("locator", 0))
        page = rows[at : at + self.page_size]
        following = at + self.page_size
        shown = [{column: _cell(row, column) for column in columns} for row in page]
        locator = "null" if following >= len(rows) else str(0 if self.repeats else following)
        return csv_response(shown, columns, {"Sforce-Locator": locator})

    def _ingest(self, job: dict[str, Any], text: str) -> None:
        assert (job["operation"], job["externalIdFieldName"]) == ("upsert", "Id")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            job["rows"].append(row)
            changes = {key: None if value == "#N/A" else value for key, value in row.items() if value and key != "Id"}
            result = self._update({"attributes": {"type": job["object"]}, "Id": row["Id"], **changes})
            if not result["success"]:
                why = result["errors"][0]
                job["failed"].append({"sf__Id": "", "sf__Error": f"{why['statusCode']}:{why['message']}:--", **row})


def error(status: int, code: str, message: str) -> Response:
    return Response([{"errorCode": code, "message": message}], status)


def failed(code: str, message: str) -> dict[str, Any]:
    return {"success": False, "errors": [{"statusCode": code, "message": message, "fields": []}]}


def csv_response(rows: list[dict[str, Any]], columns: list[str] | None = None, headers: Any = None) -> Response:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or (list(rows[0]) if rows else ["sf__Id"]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return Response(text=out.getvalue(), headers={"Content-Type": "text/csv", **(headers or {})})


def _cell(row: dict[str, Any], column: str) -> str:
    found: Any = row
    for part in column.split("."):
        found = None if found is None else found.get(part)
    match found:
        case None:
            return ""
        case bool():
            return json.dumps(found)
        case _:
            return str(found)


LOGIN = """<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
xmlns="urn:partner.soap.sforce.com"><soapenv:Body><loginResponse><result><serverUrl>{address}/services/Soap/u/60.0/00D
</serverUrl><sessionId>{token}</sessionId></result></loginResponse></soapenv:Body></soapenv:Envelope>"""
REFUSED = """<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body><sf:exceptionCode>INVALID_LOGIN</sf:exceptionCode>
<sf:exceptionMessage>Invalid: {body}</sf:exceptionMessage></soapenv:Body></soapenv:Envelope>"""
