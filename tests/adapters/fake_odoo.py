"""Odoo's two APIs, as far as they are used: methods of models over JSON-2 and over JSON-RPC."""

from typing import Any

from tests.adapters.fake_crm import FakeCrm, Request, Response

PLACES = {
    "search_read": ("domain", "fields", "offset", "limit", "order"), "read": ("ids", "fields"), "write": ("ids", "vals"),
    "fields_get": (), "context_get": (),
}  # fmt: skip
"""What is told by place, in the order of each method's signature."""


class OdooError(Exception):
    """What a method of a model raises: its exception's name, and its words."""


class FakeOdoo(FakeCrm):
    """Models with `search_read`, `read`, `write` and `fields_get`, over JSON-2 and JSON-RPC."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        super().__init__(records)
        self.token = "odoo-key"
        self.models: dict[str, list[dict[str, Any]]] = {"res.partner": [], "res.country": [], "crm.tag": []}
        self.models["calendar.event"] = []
        self.models["ir.model"] = [{"id": 123, "model": "crm.lead", "name": "Lead"}, {"id": 5, "model": "res.partner"}]
        self.fails: list[str] = []
        self.contexts: list[object] = []

    def is_signed(self, request: Request) -> bool:
        if request.path in ("/jsonrpc", "/web/webclient/version_info"):
            return True
        assert request.headers["x-odoo-database"] == "acme"
        return request.headers.get("authorization") == f"bearer {self.token}"

    def expired(self) -> Response:
        return Response({"name": "werkzeug.exceptions.Unauthorized", "message": "Invalid apikey"}, 401)

    def answer(self, request: Request) -> Response:
        if request.path == "/web/webclient/version_info":
            return Response({"jsonrpc": "2.0", "id": request.json["id"], "result": {"server_version": "18.0"}})
        if request.path == "/jsonrpc":
            answer = self._rpc(request.json["params"])
            return Response({"jsonrpc": "2.0", "id": request.json.get("id"), **answer})
        model, method = request.path.removeprefix("/json/2/").split("/")
        try:
            return Response(self._called(model, method, **request.json))
        except OdooError as why:
            name, words = why.args
            return Response({"name": name, "message": words, "debug": "Traceback private@lead.example"}, 422)

    def _rpc(self, params: dict[str, Any]) -> dict[str, Any]:
        args = params["args"]
        if params["service"] == "common":
            return {"result": 7 if args[:3] == ["acme", "demo", self.token] else False}
        try:
            assert args[:3] == ["acme", 7, self.token]
            model, method, *on = args[3:]
            named: dict[str, Any] = {}
            if params["method"] == "execute_kw":
                on, named = on
            if method == "create":  # Odoo looks at the first of what was told by place, to know what to answer
                if not on:
                    raise OdooError("builtins.IndexError", "tuple index out of range")
                return {"result": self._create(model, *on, **named)}
            return {"result": self._called(model, method, **dict(zip(PLACES[method], on, strict=False)), **named)}
        except OdooError as why:
            name, words = why.args
            data = {"name": name, "message": words, "debug": "Traceback private@lead.example"}
            return {"error": {"code": 200, "message": "Odoo Server Error", "data": data}}

    def _called(self, model: str, method: str, **named: Any) -> object:
        if self.fails:
            raise OdooError(self.fails.pop(0), "private@lead.example")
        if method == "create":
            return self._create(model, **named)
        if (model, method) == ("res.users", "context_get"):
            return {"lang": "en_US", "tz": "Europe/Brussels"}
        if model == "ir.model":
            self._needs_settings("ir.model")
            [[key, how, what]] = named["domain"]
            assert (method, key, how) == ("search_read", "model", "=")
            return [{"id": each["id"]} for each in self.models["ir.model"] if each["model"] == what]
        rows = self.records if model == "crm.lead" else self.models[model]
        match method:
            case "fields_get":
                types = {"as_of": "datetime", "x_qualify_stage": "char", "write_date": "datetime"}
                types |= {name: field["ttype"] for name, field in self.made.items()}
                names = dict.fromkeys(key for row in rows for key in row)
                return {key: {"type": types.get(key, "char")} for key in [*names, *self.made]}
            case "read":
                return [{key: row[key] for key in named["fields"]} for row in rows if row["id"] in named["ids"]]
            case "search_read":
                self.contexts.append(named.pop("context", None))
                return self._found(rows, **named)
        assert method == "write"
        for each in named["ids"]:
            if str(each) in self.refusals:
                raise OdooError("odoo.exceptions.ValidationError", self.refusals[str(each)])
        for each in named["ids"]:
            if not self.take("id", str(each), named["vals"], "write_date", "%Y-%m-%d %H:%M:%S"):
                raise OdooError("odoo.exceptions.MissingError", "Record does not exist or has been deleted.")
        return True

    def _needs_settings(self, model: str) -> None:
        if not self.may_make_fields:
            words = f"You are not allowed to create '{model}' records; it takes the group Administration/Settings."
            raise OdooError("odoo.exceptions.AccessError", words)

    def _create(self, model: str, vals_list: list[dict[str, Any]]) -> list[int]:
        assert model == "ir.model.fields"
        self._needs_settings(model)
        for field in vals_list:
            assert field.keys() <= {"name", "field_description", "model_id", "ttype", "state", "help"}
            assert (field["model_id"], field["state"]) == (123, "manual")
            assert field["ttype"] in ("char", "text", "float", "boolean", "date", "datetime")
            if not field["name"].startswith("x_"):
                raise OdooError(
                    "odoo.exceptions.ValidationError", "Custom fields must have a name that starts with 'x_'!"
                )
            if field["name"] in self.fields_refused:
                raise OdooError("odoo.exceptions.UserError", "no room for another")
            self.make(field["name"], field, empty=False)
        return [900 + len(self.made)]

    def _found(self, rows: list[dict[str, Any]], domain: list[Any], fields: list[str], **named: Any) -> list[Any]:
        [[name, how, what]] = domain
        if missing := [each for each in fields if rows and not any(each in row for row in rows)]:
            raise OdooError("builtins.ValueError", f"Invalid field {missing[0]!r}")
        match how:
            case "=":
                rows = [row for row in rows if row.get(name) == what]
            case "!=":
                rows = [row for row in rows if row.get(name) != what]
            case ">=":
                rows = [row for row in rows if row[name] and row[name].replace("T", " ") >= what]
            case "in":
                rows = [row for row in rows if row[name][0] in what]
        by = (named.get("order") or "id").split(" ")[0]
        rows = sorted(rows, key=lambda row: (str(row[by]) if by != "id" else "", row["id"]))
        page = rows[named.get("offset", 0) :][: named.get("limit")]
        return [{key: row[key] for key in fields if key in row} for row in page]
