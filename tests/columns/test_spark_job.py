"""The job in examples/spark: the same file on two threads and on a cluster, which is started here on the loopback.

The cluster is a real one, a standalone master with two workers, from the jars that PySpark brings.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from tests.columns import print_shop
from tests.pages import EXAMPLES

if importlib.util.find_spec("pyspark") is None:
    pytest.skip("pyspark not installed", allow_module_level=True)
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("no Java on this machine", allow_module_level=True)

JOB = EXAMPLES / "spark" / "judge.py"
HOME = Path(importlib.util.find_spec("pyspark").origin).parent
LOOPBACK = "127.0.0.1"
SMALL = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.host": LOOPBACK}
PATIENCE = 300


class Cluster:
    """Processes of a standalone cluster, which end with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.started = folder, []
        self.env = {
            **os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": LOOPBACK, "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_NO_DAEMONIZE": "1", "PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable,
        }  # fmt: skip

    def start(self, name: str, *command: str) -> Path:
        """Start a process of the cluster; its log's file comes back."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as file:
            self.started.append(
                subprocess.Popen(
                    [HOME / "bin" / "spark-class", *command],
                    stdout=file,
                    stderr=file,
                    env=self.env,
                    start_new_session=True,
                )
            )
        return log

    def open(self) -> str:
        """The master's URL, when two workers are with it."""
        here = ("--host", LOOPBACK, "--port", "0", "--webui-port", "0")
        log = self.start("master", "org.apache.spark.deploy.master.Master", *here)
        url = seen(log, rf"spark://{re.escape(LOOPBACK)}:\d+")[0]
        for number in (1, 2):
            work = ("--cores", "1", "--memory", "600m", "--work-dir", str(self.folder / f"work-{number}"))
            self.start(f"worker-{number}", "org.apache.spark.deploy.worker.Worker", *here, *work, url)
        seen(log, r"Registering worker", times=2)
        return url

    def close(self) -> None:
        """End what was started here, and nothing else."""
        for each in reversed(self.started):
            os.killpg(each.pid, signal.SIGTERM)
        for each in self.started:
            try:
                each.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(each.pid, signal.SIGKILL)
                each.wait()


def seen(log: Path, pattern: str, times: int = 1) -> list[str]:
    """What a log says, as soon as it says it so many times."""
    end = time.monotonic() + PATIENCE
    while len(found := re.findall(pattern, log.read_text(errors="replace"))) < times:
        assert time.monotonic() < end, log.read_text(errors="replace")[-3000:]
        time.sleep(0.1)
    return found


def typed(table: pa.Table) -> pa.Table:
    """The table with columns of text for those that hold nothing, whose type Parquet wouldn't tell Spark."""
    fields = [each.with_type(pa.string()) if pa.types.is_null(each.type) else each for each in table.schema]
    return table.cast(pa.schema(fields))


@pytest.fixture
def shop(tmp_path):
    definition, leads, rows, events = print_shop.read()
    pq.write_table(typed(rows), tmp_path / "leads.parquet")
    pq.write_table(typed(events), tmp_path / "activities.parquet")
    return definition, leads


@pytest.fixture
def cluster(tmp_path):
    found = Cluster(tmp_path)
    try:
        yield found
    finally:
        found.close()


def given(folder: Path, verdicts: str) -> list[str]:
    return [
        str(EXAMPLES / "print-shop"), str(folder / "leads.parquet"), str(folder / verdicts),
        "--activities", str(folder / "activities.parquet"), "--as-of", print_shop.AS_OF.isoformat(),
    ]  # fmt: skip


def run(command: list[str], env: dict[str, str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def counts(printed: str) -> list[str]:
    """What the job prints, without what PySpark says of versions of others."""
    return re.findall(r"^[\w ]+: \d+$", printed, re.MULTILINE)


def rows_of(folder: Path) -> list[dict[str, object]]:
    found = ds.dataset(folder, partitioning="hive", exclude_invalid_files=True).to_table().to_pylist()
    for row in found:
        row["stage"] = None if row["stage"] == "__HIVE_DEFAULT_PARTITION__" else row["stage"]
    return sorted(found, key=lambda row: row["id"])


def test_the_job_says_on_two_threads_and_on_a_cluster_what_python_says(shop, cluster, tmp_path):
    """Who outgrows one machine takes the same file to a cluster: neither the file nor an answer may change."""
    definition, leads = shop
    settings = [part for name, value in SMALL.items() for part in ("--conf", f"{name}={value}")]
    alone = {**cluster.env, "PYSPARK_SUBMIT_ARGS": " ".join([*settings, "pyspark-shell"])}

    said = run([sys.executable, str(JOB), *given(tmp_path, "alone"), "--master", "local[2]"], alone)
    url = cluster.open()
    submit = [str(HOME / "bin" / "spark-submit"), "--master", url, "--executor-memory", "512m", *settings]
    told = run([*submit, str(JOB), *given(tmp_path, "together")], cluster.env)
    ran_on = [each for number in (1, 2) for each in (tmp_path / f"work-{number}").glob("app-*/*/stderr")]

    here, there = rows_of(tmp_path / "alone"), rows_of(tmp_path / "together")
    verdicts = {each.lead_id: each for each in definition.qualify_many(leads, as_of=print_shop.AS_OF)}
    assert here == there
    assert counts(said) == counts(told)
    assert len(ran_on) == 2
    assert {path.name for path in (tmp_path / "together").glob("stage=*")} > {"stage=mql", "stage=sql"}
    assert len(there) == len(leads)
    for row in there:
        verdict = verdicts[row["id"]]
        states = {f"{name}_state": str(stage.state) for name, stage in verdict.stages.items()} if verdict.stages else {}
        assert row["stage"] == verdict.stage
        assert {name: row[name] for name in states} == states
        for name, score in verdict.scores.items():
            ends = (score.at_least, score.at_most)
            assert [row[f"{name}_at_least"], row[f"{name}_at_most"]] == [
                end if end is None else float(end) for end in ends
            ]
