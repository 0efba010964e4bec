"""The example print shop as tables with types, and as the leads that Python judges."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

import qualify
from qualify.adapters import file_adapter
from qualify.adapters.mappings import load_mapping
from tests.columns import tables
from tests.pages import EXAMPLES

FOLDER = EXAMPLES / "print-shop"
AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)


def read() -> tuple[qualify.Definition, list[dict[str, Any]], pa.Table, pa.Table]:
    """The definition, the leads with their activities, and both as tables."""
    definition = qualify.load(FOLDER)
    mapping = load_mapping(FOLDER / "mappings" / "leads.mapping.toml", definition)
    happened = defaultdict(list)
    with file_adapter("csv").read(FOLDER / "activities.csv") as reader:
        for row in reader:
            lead_id, activity = mapping.activity(row.record)
            happened[lead_id].append(activity)
    with file_adapter("csv").read(FOLDER / "leads.csv") as reader:
        leads = [dict(mapping.values(row.record)) for row in reader]
    for each in leads:
        each["activities"] = happened[each["id"]]
    (table,), left_out = tables.tables(definition.model, leads)
    assert not left_out
    rows, events = tables.as_arrow(table, definition.model)
    assert events is not None
    ids = [each["id"] for each in leads]
    rows = rows.set_column(0, "id", pa.array(ids))
    owners = pa.array([ids[int(each)] for each in events["lead_id"].to_pylist()])
    return definition, leads, rows, events.set_column(0, "lead_id", owners)
