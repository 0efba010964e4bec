"""What every adapter over a vendor's web API does with trouble, and what it never tells."""

import pytest

from qualify.adapters import ConnectionTrouble
from qualify.adapters.changes import oldest_first
from qualify.adapters.web import Token, Web, host_address
from qualify.adapters.web_adapter import Said
from qualify.errors import AdapterError
from tests.adapters.fake_crm import FakeCrm, Request, Response, trouble_of


class FakeVendor(FakeCrm):
    """Answers whatever it is asked with one row."""

    def answer(self, request: Request) -> Response:
        match request.path:
            case "/refused":
                return Response({"code": "OAUTH_SCOPE_MISMATCH", "message": "private@lead.example"}, 403)
            case "/told":
                return Response({"code": "private@lead.example is taken"}, 400)
            case "/nothing":
                return Response(status=204)
        return Response({"data": [{"id": 1}]})


@pytest.fixture
def vendor():
    with FakeVendor() as fake:
        yield fake


@pytest.fixture
def web(vendor):
    return Web(
        "acme",
        vendor.address,
        Token(lambda: f"Bearer {vendor.token}"),
        timeout=0.3,
        code_of=lambda data: data.get("code") if isinstance(data, dict) else None,
    )


def test_an_answer_is_its_json(web):
    """Nothing more is asked of the transport."""
    assert web.get("/leads").data == {"data": [{"id": 1}]}
    assert web.get("/nothing").data is None


@pytest.mark.parametrize(
    ("trouble", "told", "wait"),
    [
        ("throttle", "acme: GET /leads: it asks to wait (HTTP 429)", 7.0),
        ("fail", "acme: GET /leads: it fails (HTTP 503)", None),
        ("hang", "acme: GET /leads: no answer in time", None),
        ("cut", "acme: GET /leads: the connection failed, or was cut", None),
    ],
)
def test_what_may_pass_is_trouble_to_be_tried_again(web, vendor, trouble, told, wait):
    """A sync that stops for a restart of the vendor's server is a sync that somebody must watch."""
    vendor.troubles += [trouble]

    found = trouble_of(lambda: web.get("/leads", {"email": "private@lead.example"}))

    assert (str(found), found.wait) == (told, wait)
    assert web.get("/leads").data  # and the next one works


def test_a_host_that_is_not_there_is_trouble():
    """A laptop without a network is the commonest."""
    assert "the connection failed" in str(trouble_of(lambda: Web("acme", "http://127.0.0.1:9").get("/leads")))


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("html", "its answer is no JSON; is this the address of the API"), ("redirect", "it points elsewhere (HTTP 302)")],
)
def test_what_will_not_pass_is_an_error(web, vendor, trouble, told):
    """Trying again would only hide that the address is wrong."""
    vendor.troubles += [trouble]

    with pytest.raises(AdapterError) as caught:
        web.get("/leads")

    assert told in str(caught.value)
    assert not isinstance(caught.value, ConnectionTrouble)


def test_a_refusal_shows_the_vendors_code_and_nothing_that_a_record_may_say(web):
    """Vendors repeat a lead's values in their errors, and errors end up in logs."""
    for path, shown in (("/refused", "(HTTP 403, OAUTH_SCOPE_MISMATCH)"), ("/told", "(HTTP 400)")):
        with pytest.raises(AdapterError) as caught:
            web.get(path)
        assert str(caught.value).endswith(shown)
        assert "private" not in repr(caught.value)


def test_a_token_that_ran_out_is_renewed_once_and_the_request_asked_again(web, vendor):
    """An hour is shorter than a first sync."""
    web.get("/leads")
    vendor.expire()

    assert web.get("/leads").data
    assert vendor.token == "token-1"


def test_a_token_that_is_never_taken_is_an_error_and_no_circle(vendor):
    """A revoked one stays revoked."""
    web = Web("acme", vendor.address, Token(lambda: "Bearer private-token"), timeout=0.3)

    with pytest.raises(AdapterError, match="the token is not taken") as caught:
        web.get("/leads")

    assert len(vendor.requests) == 2
    assert "private" not in f"{caught.value!r}{caught.value.__cause__!r}{web!r}{web.token!r}"


def test_a_next_page_on_another_host_is_not_asked(web):
    """It would be given the token."""
    with pytest.raises(AdapterError, match="on another host"):
        web.get("http://127.0.0.1:9/leads?page=2")


@pytest.mark.parametrize(
    "address",
    ["http://acme.example", "acme.example", "https://", "https://me:secret@acme.example", "https://a.example?token=1"],
)
def test_secrets_are_sent_to_a_safe_address_only(address):
    """A word forgotten in an address must not put a token on the wire in the clear."""
    with pytest.raises(AdapterError) as caught:
        host_address("acme", address)

    assert "secret" not in str(caught.value)


def test_a_missing_secret_is_asked_for_by_its_variable(monkeypatch):
    """Secrets are never options: options stand in the shell's history."""
    monkeypatch.delenv("ACME_TOKEN", raising=False)

    with pytest.raises(AdapterError, match="needs the environment variable ACME_TOKEN: your token"):
        Said("acme", {}, {"ACME_TOKEN": "your token"}).secret("ACME_TOKEN")


@pytest.mark.parametrize("timeout", ["0", "-1", "soon", "inf", "nan"])
def test_a_timeout_is_a_number_of_seconds(timeout):
    """An endless one would hang a nightly job for ever."""
    with pytest.raises(AdapterError, match="seconds above 0"):
        _ = Said("acme", {"timeout": timeout}, {}).timeout


# Reading in the order of changes


class Ledger:
    """Records with the second of their last change, read a few at a time."""

    def __init__(self, seconds: list[int], size: int = 4) -> None:
        self.rows = [{"id": at, "changed": f"{second:03}"} for at, second in enumerate(seconds)]
        self.size, self.asked = size, 0

    def read(self, since: str | None, skip: int) -> list[dict[str, object]]:
        self.asked += 1
        rows = sorted(self.rows, key=lambda row: (row["changed"], row["id"]))
        return [row for row in rows if row["changed"] >= (since or "")][skip : skip + self.size]

    def pages(self, since: str | None = None):
        return oldest_first("acme", self.read, lambda row: row["changed"], lambda row: str(row["id"]), since, self.size)


@pytest.mark.parametrize(
    "seconds",
    [
        [],
        [1, 2, 3],
        list(range(20)),
        [5] * 30,  # all of one import
        [1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6],
        [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3],
    ],
)
def test_every_record_is_read_once_however_many_share_a_moment(seconds):
    """An import of ten thousand has one moment, and no page is large enough for it."""
    ledger = Ledger(seconds)

    read = [row["id"] for rows, _ in ledger.pages() for row in rows]

    assert sorted(read) == list(range(len(seconds)))


@pytest.mark.parametrize("stop", range(5))
def test_a_read_that_stops_anywhere_goes_on_without_a_gap(stop):
    """A cursor is good from the moment that it is given."""
    ledger = Ledger([1, 2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 7, 8])
    read, cursor = set(), None
    for _, (rows, last) in zip(range(stop + 1), ledger.pages(), strict=False):
        read |= {row["id"] for row in rows}
        cursor = last

    read |= {row["id"] for rows, _ in ledger.pages(cursor) for row in rows}

    assert read == set(range(13))


def test_a_record_that_changes_while_others_are_read_hides_none_of_them():
    """It moves to the end, and all behind it one place forward: by places, one would be missed."""
    ledger = Ledger(list(range(20)))
    read = set()
    for rows, _ in ledger.pages():
        read |= {row["id"] for row in rows}
        ledger.rows[len(read) % 5]["changed"] = "900"

        if ledger.asked > 30:
            break

    assert read == set(range(20))


def test_a_source_that_repeats_its_page_is_trouble_and_no_endless_read():
    """A server that ignores where it is asked to go on would be read for ever."""
    rows = [{"id": at, "changed": "5"} for at in range(4)]

    pages = oldest_first("acme", lambda since, skip: rows, lambda row: "5", lambda row: str(row["id"]), None, 4)

    with pytest.raises(ConnectionTrouble, match="the same page again"):
        list(pages)
