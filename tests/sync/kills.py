"""A sync that is killed: leads in a database, a process of its own that syncs them, and what it left.

The database writes down every row that is written, so that one can see how often each was.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.sync.shelf import DEFINITION

AS_OF = "2026-11-20T12:00:00Z"

MAPPING = """
id = "id"
timezone = "UTC"

[fields]
email = "email"
industry = "industry"
employees = { from = "employees", as = "number" }
opted_out = { from = "opted_out", as = "yes/no" }

[activities]
lead = "lead_id"
type = "type"
at = { from = "at", as = "datetime" }

[write]
stage = "verdict.stage"
reason = "verdict.reason"
reasons = "verdict.codes"
as_of = "verdict.as_of"
scores = { "*" = "qualify_*" }

[write.lifecycle]
to = "lifecycle"
values = { mql = "marketing", sql = "sales" }
order = ["new", "marketing", "sales", "customer"]
"""

SAME = """
[same]
by = ["email"]
take = "merge"
"""

TABLES = """
create table leads (
    id integer primary key, email text, industry text, employees integer, opted_out boolean, lifecycle text,
    qualify_fit numeric, updated_at timestamp not null
);
create table activities (lead_id integer, type text, at timestamp);
create table verdicts (lead_id integer primary key, stage text, reason text, codes text, as_of timestamp);
create table written (what text, id integer);
"""

WATCHED = {
    "postgresql": """
        create function note() returns trigger as $$ begin
            insert into written values (tg_table_name, case when tg_table_name = 'leads'
                then (to_jsonb(new)->>'id')::int else (to_jsonb(new)->>'lead_id')::int end);
            return new;
        end $$ language plpgsql;
        create trigger a after update on leads for each row execute function note();
        create trigger b after insert or update on verdicts for each row execute function note();
    """,
    "sqlite": """
        create trigger a after update on leads begin insert into written values ('leads', new.id); end;
        create trigger b after update on verdicts begin insert into written values ('verdicts', new.lead_id); end;
        create trigger c after insert on verdicts begin insert into written values ('verdicts', new.lead_id); end;
    """,
}


@dataclass(frozen=True, slots=True)
class Left:
    """What a sync left: every row, and how often it was written."""

    rows: tuple[tuple[object, ...], ...]
    written: tuple[tuple[object, ...], ...]


class Scene:
    """A folder with definition and mapping, and a database with leads."""

    def __init__(self, folder: Path, url: str, count: int, *, twins: bool = False) -> None:
        self.folder, self.url, self.count = folder, url, count
        (folder / "shops.toml").write_text(DEFINITION.to_toml(), encoding="utf-8")
        (folder / "own.toml").write_text(MAPPING + (SAME if twins else ""), encoding="utf-8")
        self._engine = create_engine(url)
        with self._engine.begin() as open_:
            raw = open_.connection.dbapi_connection
            assert raw is not None
            both = TABLES + WATCHED[self._engine.dialect.name]
            raw.executescript(both) if self._engine.dialect.name == "sqlite" else raw.execute(both)
        self.fill(twins)

    def fill(self, twins: bool) -> None:
        """Leads of many kinds; with `twins` every tenth is the same as the one before it."""
        leads = [
            {
                "id": each,
                "email": f"p{each - (each % 10 == 9 and twins)}@example.com",
                "industry": ("Printing", "Farming", None)[each % 3],
                "employees": (80, 7, None, 50, 49)[each % 5],
                "opted_out": (False, None, True, False)[each % 4],
                "lifecycle": (None, "new", "marketing", "customer", "evangelist")[each % 7 % 5],
                "at": f"2026-11-01 10:{each % 60:02}:{each // 60 % 60:02}",
            }
            for each in range(self.count)
        ]
        calls = [{"lead": each, "at": "2026-11-02 10:00:00"} for each in range(0, self.count, 4)]
        with self._engine.begin() as open_:
            open_.execute(
                text(
                    "insert into leads values (:id, :email, :industry, :employees, :opted_out, :lifecycle, null, :at)"
                ),
                leads,
            )
            open_.execute(text("insert into activities values (:lead, 'call', :at)"), calls)

    def begin(self) -> None:
        """As if nobody had ever synced."""
        for each in [*self.folder.glob("*state.json*")]:
            each.unlink()
        with self._engine.begin() as open_:
            open_.execute(text("delete from verdicts"))
            open_.execute(text("delete from leads"))
            open_.execute(text("delete from activities"))
            open_.execute(text("delete from written"))
        self.fill(SAME in (self.folder / "own.toml").read_text(encoding="utf-8"))

    def start(self) -> subprocess.Popen[bytes]:
        """A process that syncs."""
        words = ["sync", "shops.toml", "--from", "database", "--mapping", "own.toml", "--state", "state.json"]
        more = ["--as-of", AS_OF, "--option", "page=100", "--report", "report.csv", "--json"]
        return subprocess.Popen(
            [sys.executable, "-m", "qualify", *words, *more],
            cwd=self.folder,
            env={**os.environ, "QUALIFY_DATABASE_URL": self.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )

    def finish(self) -> dict[str, Any]:
        """Sync to the end; gives what came of it."""
        process = self.start()
        out, err = process.communicate(timeout=600)
        assert process.returncode == 0, err.decode()
        found: dict[str, Any] = json.loads(out)
        return found

    def kill_at(self, written: int, *, later: float = 0.0) -> bool:
        """Sync, and kill it once more rows than that are written, and so long later; whether it was at work."""
        process = self.start()
        while process.poll() is None and self._written() <= written:
            time.sleep(0.02)
        time.sleep(later)
        running = process.poll() is None
        if running:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        return running

    def _written(self) -> int:
        with self._engine.connect() as open_:
            return int(open_.execute(text("select count(*) from written")).scalar_one())

    def left(self) -> Left:
        """Every row as it is."""
        leads = "select * from leads left join verdicts on lead_id = id order by id"
        written = "select what, id, count(*) from written group by what, id order by what, id"
        with self._engine.connect() as open_:
            rows, counts = (open_.execute(text(each)).fetchall() for each in (leads, written))
        return Left(tuple(map(tuple, rows)), tuple(map(tuple, counts)))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
