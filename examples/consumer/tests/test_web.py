"""The form's address."""

import io
import json

from print_shop_forms.web import application


def send(body: bytes):
    """What the address answers: the status, and the JSON."""
    said = []
    environ = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
    answer = application(environ, lambda status, headers: said.append(status))
    return said[0], json.loads(b"".join(answer))


def test_a_form_with_little_in_it_gets_a_question():
    status, answer = send(b'{"industry": "Printing"}')

    assert status == "200 OK"
    assert answer == {"ask": "May we write to you?", "call_now": False}


def test_a_form_that_cannot_be_read_is_told_so_without_its_values():
    assert send(b'{"employees": "a lot"}') == (
        "422 Unprocessable Content",
        {"wrong": "employees: expected a number, found text (5 characters)"},
    )
    assert send(b"{")[1] == {"wrong": "this is no form"}
