"""A page of a source's answer that is handed over for one of its records."""

import pytest

import qualify
from qualify.errors import LeadError
from qualify.mapping import loads_mapping

CONTACT = {"id": "7", "properties": {"email": "ada@acme.example", "city": None}}
PAGES = {
    "hubspot": ({"results": [CONTACT, CONTACT], "paging": {"next": {"after": "7"}}}, "2 in 'results'"),
    "pipedrive": ({"success": True, "data": [{"id": 7, "origin": "API", "person": None}]}, "1 in 'data'"),
    "salesforce": (
        {"totalSize": 1, "done": True, "records": [{"Id": "00Q5g00000ABCDEFGH", "Email": None, "City": "Ghent"}]},
        "1 in 'records'",
    ),
    "dynamics365": ({"@odata.context": "…", "value": [{"leadid": "7", "firstname": "Ada"}]}, "1 in 'value'"),
    "zoho": ({"data": [{"id": "7", "Email": "ada@acme.example", "City": None}], "info": {}}, "1 in 'data'"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_no_record(name):
    """Read as one it would be a lead of which nothing is known, and a thousand people are missed without a word."""
    page, found = PAGES[name]
    mapping = qualify.adapter(name).mapping

    for read in (mapping.lead, mapping.values):
        with pytest.raises(LeadError, match=f"a lead: expected one record, found a page of them: {found}") as caught:
            read(page)
        assert "ada" not in str(caught.value).lower()
    for record in next(each for each in page.values() if isinstance(each, list)):
        assert mapping.lead(record).id is not None


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"results": []},
        {"results": ["7", "8"]},
        {"results": [CONTACT, "8"]},
        {"results": [{"properties": {"email": "a@b.example", "city": "Ghent"}}]},  # nothing names a lead
        {"results": [{"id": "7"}]},  # it could be an entry of anything
        {"results": [CONTACT], "id": None},
        {"results": [CONTACT], "properties": {"email": None}},
    ],
)
def test_what_may_be_a_record_is_read_as_one(record):
    """A record may say nothing that is read, and have lists of its own: only what is surely none is refused."""
    assert qualify.adapter("hubspot").mapping.lead(record).email is None


def test_a_page_is_known_without_an_id_too():
    """A source's records need no name of their own; what is always the same is no word of the record."""
    mapping = loads_mapping('[fields]\nemail = "Mail"\ncity = "City"\nsource = { always = "fair" }')

    with pytest.raises(LeadError, match="1 in 'rows'"):
        mapping.lead({"rows": [{"Mail": "a@b.example", "City": None}]})
    assert mapping.lead({"rows": [{"Mail": "a@b.example"}]}).source == "fair"
