"""The form's address: takes the form as JSON, answers with what its page has to show. `python -m print_shop_forms.web`."""

import json
from collections.abc import Iterable
from typing import Any
from wsgiref.simple_server import make_server

import qualify
from print_shop_forms.routing import route


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """A WSGI application; 422 for a form that can't be read, with what is wrong and none of its values."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    try:
        form = json.loads(environ["wsgi.input"].read(length))
        found = route(form)
    except (ValueError, qualify.QualifyError) as why:
        said = str(why) if isinstance(why, qualify.QualifyError) else "this is no form"
        return _answer(start_response, "422 Unprocessable Content", {"wrong": said})
    return _answer(start_response, "200 OK", {"ask": found.ask, "call_now": found.call_now})


def _answer(start_response: Any, status: str, body: dict[str, Any]) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(body).encode()]


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, application) as server:
        server.serve_forever()
