"""The contract of adapters, kept by the one for Tryton."""

from typing import ClassVar

import pytest

from qualify.adapters.tryton import PASSWORD, USER, TrytonAdapter
from qualify.testing import AdapterContract
from tests.adapters.tryton.fake_tryton import FakeTryton, tag


class TestTryton(AdapterContract):
    """Opportunities with their parties, as a read with dotted names gives them."""

    adapter = TrytonAdapter()
    clients = ("requests",)
    records = (
        {
            "id": 1, "state": "lead", "create_date": tag(1), "write_date": None, "last_modified_at": tag(1),
            "contact.": None, "address.": None, "employee.": {"id": 1, "rec_name": "Demo Seller"}, "qualify": {},
            "party.": {
                "id": 3, "name": "Offset Demo Co", "email": "a@offset-demo.example", "phone": "", "mobile": "+33140200000",
                "website": "https://www.offset-demo.example/shop",
                "addresses.": [{"id": 1, "city": "Paris", "country.": {"id": 1, "code": "FR"}, "subdivision.": None}],
            },
        },
        {
            "id": 2, "state": "opportunity", "create_date": tag(1), "write_date": tag(5), "last_modified_at": tag(5),
            "contact.": {"id": 7, "email": "b@label-demo.example"}, "employee.": None, "qualify": {},
            "address.": {"id": 2, "city": "Lyon", "country.": None, "subdivision.": {"id": 1, "name": "Rhône"}},
            "party.": {"id": 4, "name": "Label Demo Inc", "email": "", "phone": "+33140200001", "mobile": "",
                       "website": "", "addresses.": []},
        },
        {
            "id": 3, "state": "lead", "create_date": tag(6), "write_date": None, "last_modified_at": tag(6),
            "contact.": None, "address.": None, "employee.": None, "party.": None, "qualify": {},
        },
    )  # fmt: skip
    not_read = (
        "write_date", "last_modified_at", "contact..id", "address..id", "employee..id", "party..id",
        "address..subdivision..id",
    )  # fmt: skip
    changes: ClassVar = ({"comment": "mql"}, {"comment": "sql"})

    @pytest.fixture
    def source(self, monkeypatch):
        """A Tryton on loopback that holds the records."""
        monkeypatch.setenv(USER, "admin")
        monkeypatch.setenv(PASSWORD, "private")
        with FakeTryton(list(self.records)) as fake:
            options = {"url": fake.address, "database": "crm", "page": "2"}
            yield lambda properties: self.adapter.connect(properties, options)
