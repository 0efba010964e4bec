"""A batch request of OData: many requests as parts of one text, and their answers likewise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from email import message_from_string

from qualify.adapters.answering import retry_after
from qualify.adapters.records import ConnectionTrouble
from qualify.adapters.web import told
from qualify.errors import AdapterError

BOUNDARY = "batch_qualify"
BUSY = frozenset({"429", "500", "502", "503", "504"})
NO_ANSWER = "the batch ended before it: no answer"


def batch_of(paths: Sequence[str], changes: Sequence[Mapping[str, object]]) -> tuple[str, dict[str, str]]:
    """The text of one request that changes many rows, and its headers.

    `If-Match: *` lets it change what is there, and never make a row anew that was deleted meanwhile.
    """
    lines: list[str] = []
    for path, values in zip(paths, changes, strict=True):
        lines += [
            f"--{BOUNDARY}",
            "Content-Type: application/http",
            "Content-Transfer-Encoding: binary",
            "",
            f"PATCH {path} HTTP/1.1",
            "Content-Type: application/json; type=entry",
            "If-Match: *",
            "",
            json.dumps(dict(values)),
        ]
    lines += [f"--{BOUNDARY}--", ""]
    return "\r\n".join(lines), {
        "Content-Type": f"multipart/mixed; boundary={BOUNDARY}",
        "Prefer": "odata.continue-on-error",
        "Accept": "application/json",
    }


def batch_answers(text: str, content_type: str, number: int) -> list[str | None]:
    r"""For each part why it was refused, or None; in the order of the requests.

    Raises ConnectionTrouble where a part asks to wait: the whole batch may be written again.

    >>> part = "Content-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
    >>> batch_answers(f"--b\r\n{part}\r\n--b--", "multipart/mixed; boundary=b", 1)
    [None]
    """
    message = message_from_string(f"Content-Type: {content_type}\r\n\r\n{text}")
    parts = message.get_payload() if message.is_multipart() else []
    if not isinstance(parts, list) or not parts or len(parts) > number:
        raise AdapterError("dynamics365: its answer to a batch has another shape than its API says")
    refused = [_refused(str(part.get_payload())) for part in parts if not isinstance(part, str)]
    return [*refused, *[NO_ANSWER] * (number - len(refused))]


def _refused(text: str) -> str | None:
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    first, _, headers = head.lstrip().partition("\n")
    status = [*first.split(), "", ""][1]
    if status.startswith("2"):
        return None
    if status in BUSY:
        wait = retry_after(message_from_string(headers))  # type: ignore[arg-type]  # get() is all that is asked of it
        raise ConnectionTrouble(f"dynamics365: a part of a batch is not done (HTTP {status})", wait=wait)
    try:
        error = json.loads(body).get("error")
    except (ValueError, AttributeError):
        error = None
    error = error if isinstance(error, dict) else {}
    return told(f"HTTP {status}", error.get("code"), error.get("message"))
