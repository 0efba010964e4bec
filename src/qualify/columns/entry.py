"""What the public `Definition` asks of columns: a frame judged by the engine whose it is, or a query as text.

Polars judges its own frames, pandas' and Arrow's; DuckDB its relations and, where Polars isn't there, Arrow too; Spark
its own. Nothing is imported that isn't there already or needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from qualify.columns.frames import Job, family_of, renamed
from qualify.definition.model import Model
from qualify.engine.clock import Clock
from qualify.errors import QualifyError
from qualify.mapping import Mapping as LeadMapping


def qualify_frame(
    model: Model, frame: Any, activities: Any, mapping: Any, clock: Clock, *, explain: bool, prefix: str
) -> Any:
    """A frame of leads with what the definition says of each."""
    if not isinstance(prefix, str):
        raise QualifyError(f"prefix is text, such as 'q_', found {type(prefix).__name__}", code="bad-argument")
    family_of(frame)
    if activities is not None:
        family_of(activities)
    if isinstance(mapping, LeadMapping):
        from qualify.columns import mapped_frames

        return mapped_frames.qualified(frame, activities, mapping, Job(model, clock, explain, prefix, {}))
    if mapping is not None and not isinstance(mapping, Mapping):
        raise QualifyError(
            "mapping is a dict of fields and the columns that they stand in, or a qualify.Mapping (load_mapping reads one), "
            f"found {type(mapping).__name__}",
            code="bad-argument",
        )
    return qualified(frame, activities, Job(model, clock, explain, prefix, renamed(model, mapping or {})))


def qualified(frame: Any, activities: Any, job: Job) -> Any:
    """The frame with what the definition says beside its own columns."""
    match family_of(frame):
        case "polars":
            from qualify.columns import polars_frames

            return polars_frames.qualified(frame, activities, job)
        case "pandas" | "pyarrow":
            from qualify.columns import arrow_frames

            return arrow_frames.qualified(frame, activities, job)
        case "duckdb":
            from qualify.columns import duckdb_frames

            return duckdb_frames.qualified(frame, activities, job)
        case "pyspark":
            from qualify.columns import spark_frames

            return spark_frames.qualified(frame, activities, job)


def to_sql(
    model: Model,
    dialect: str,
    clock: Clock | None,
    *,
    table: str,
    activities: str | None,
    types: Mapping[str, str] | None,
    columns: Mapping[str, str] | None,
    explain: bool,
    prefix: str,
) -> str:
    """The query that judges a table."""
    from qualify.columns.statement import Wanted, statement_of

    wanted = Wanted(
        dialect, clock, table, activities, types or {}, renamed(model, columns or {}, "columns"), explain, prefix
    )
    return statement_of(model, wanted)


def to_dbt(
    model: Model,
    dialect: str,
    as_of: Clock | Literal["clock", "variable"],
    *,
    name: str | None,
    table: str,
    activities: str | None,
    types: Mapping[str, str] | None,
    columns: Mapping[str, str] | None,
    explain: bool,
    prefix: str,
) -> dict[str, str]:
    """The files of a dbt model that judges a table."""
    from qualify.columns.dbt import model_of
    from qualify.columns.statement import Wanted

    clock = as_of if isinstance(as_of, Clock) else None
    wanted = Wanted(
        dialect, clock, table, activities, types or {}, renamed(model, columns or {}, "columns"), explain, prefix
    )
    return model_of(model, wanted, name, as_of if not isinstance(as_of, Clock) else "constant")
