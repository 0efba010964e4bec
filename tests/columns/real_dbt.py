"""A real dbt for the tests: dbt-core and dbt-duckdb, installed once on a machine, outside the repository."""

import contextlib
import os
import subprocess
from pathlib import Path

from tests.kept import KEPT, LONGEST, environment

RELEASE = "1.11"
PACKAGES = (f"dbt-core~={RELEASE}.0", "dbt-duckdb~=1.10")
CACHE = KEPT / f"dbt-{RELEASE}"

PROJECT = """\
name: shop
version: "1.0"
config-version: 2
profile: shop
model-paths: [models]
models: {shop: {+materialized: table}}
"""
PROFILE = "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 1}}}\n"
READ = "import duckdb; duckdb.connect('shop.duckdb', read_only=True).execute(\"COPY {} TO '{}' (FORMAT parquet)\")"


class Project:
    """A project of dbt in a folder, with a DuckDB of its own."""

    def __init__(self, folder: Path) -> None:
        self.programs = environment(CACHE, PACKAGES)
        self.folder, self.models = folder, folder / "models"
        self.models.mkdir(parents=True)
        (folder / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
        (folder / "profiles.yml").write_text(PROFILE, encoding="utf-8")

    def model(self, name: str, query: str) -> None:
        """One more model."""
        (self.models / f"{name}.sql").write_text(query, encoding="utf-8")

    def dbt(self, *words: str) -> tuple[int, str]:
        """Run dbt; its exit code, and all that it printed."""
        return self._run(str(self.programs / "dbt"), *words, "--project-dir", ".", "--profiles-dir", ".")

    def table(self, name: str, target: Path) -> Path:
        """A table that was built, as Parquet."""
        code, said = self._run(str(self.programs / "python"), "-c", READ.format(name, target))
        assert code == 0, said
        return target

    def _run(self, *command: str) -> tuple[int, str]:
        kept = {name: each for name, each in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "COV_"))}
        quiet = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1", "DBT_USE_COLORS": "false"}
        done = subprocess.run(
            command, cwd=self.folder, env=kept | quiet, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, encoding="utf-8", timeout=LONGEST, check=False,
        )  # fmt: skip
        with contextlib.suppress(OSError):
            print(done.stdout)
        return done.returncode, done.stdout
