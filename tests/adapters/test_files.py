"""What all file adapters share: where they read and write, how they end, and how little memory they take."""

import gzip
import io
import subprocess
import sys
import tracemalloc

import pytest

from qualify.adapters import Column, Row, adapter_for, file_adapter
from qualify.errors import AdapterError
from tests.adapters.tables import Pipe, read, written

NAMES = [
    "leads.csv",
    "leads.tsv",
    "leads.csv.gz",
    "leads.jsonl",
    "leads.json",
    "leads.jsonl.gz",
    "leads.parquet",
]


@pytest.fixture(params=NAMES)
def path(request, tmp_path):
    """A place for a file of each kind."""
    if request.param.endswith(".parquet"):
        pytest.importorskip("pyarrow", reason="pyarrow, of the extra frames, is not installed")
    return tmp_path / request.param


def write(path, rows, columns=("id", "city")):
    with adapter_for(path).write(path, columns) as writer:
        for row in rows:
            writer.write(row)


def records(path):
    with adapter_for(path).read(path) as reader:
        return [row.record for row in reader if isinstance(row, Row)]


CHICAGO, DENVER = {"id": "1", "city": "Chicago"}, {"id": "2", "city": "Denver"}


# Places


def test_a_path_is_written_and_read_by_its_ending(path):
    """One name, one format: nobody has to say it twice."""
    write(path, [CHICAGO, DENVER])

    assert records(path) == [CHICAGO, DENVER]
    assert list(path.parent.iterdir()) == [path]
    assert path.name.endswith(".gz") == (path.read_bytes()[:2] == b"\x1f\x8b")


def test_the_same_rows_give_the_same_bytes(path, tmp_path):
    """A file under version control must change only when the answers do."""
    again = tmp_path / "again" / path.name
    again.parent.mkdir()

    write(path, [CHICAGO])
    write(again, [CHICAGO])

    assert path.read_bytes() == again.read_bytes()


def test_a_failed_write_leaves_what_was_there(path):
    """A run that broke off must not have cost last month's answers."""
    write(path, [CHICAGO])

    with pytest.raises(ZeroDivisionError):
        write(path, ({"id": 1 / at} for at in (1, 0)))

    assert records(path) == [CHICAGO]
    assert list(path.parent.iterdir()) == [path]


def test_until_it_is_closed_a_file_is_the_old_one(path):
    """Who reads while we write must not see half a file."""
    write(path, [CHICAGO])

    with adapter_for(path).write(path, ["id", "city"]) as writer:
        writer.write(DENVER)
        assert records(path) == [CHICAGO]

    assert records(path) == [DENVER]


def test_a_file_can_be_read_while_it_is_replaced(path):
    """`qualify run` on its own output is an easy slip."""
    write(path, [CHICAGO, DENVER])

    with adapter_for(path).read(path) as reader, adapter_for(path).write(path, ["id", "city"]) as writer:
        for row in reader:
            writer.write(row.record)

    assert records(path) == [CHICAGO, DENVER]


def test_closing_twice_is_harmless(path):
    """A `with` block and a careful caller may both do it."""
    writer = adapter_for(path).write(path, ["id", "city"])
    writer.close()
    writer.close()
    writer.abort()

    reader = adapter_for(path).read(path)
    reader.close()
    reader.close()

    assert records(path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions are another matter there")
def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    """Where a folder is shared, who may read the leads was decided with care."""
    real, link = tmp_path / "real.csv", tmp_path / "leads.csv"
    write(real, [CHICAGO])
    real.chmod(0o640)
    link.symlink_to(real)

    write(link, [DENVER])

    assert link.is_symlink()
    assert records(real) == [DENVER]
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_a_stream_is_written_and_left_open(name):
    """Standard output is not ours to close."""
    pytest.importorskip("pyarrow")
    stream = io.BytesIO()

    with file_adapter(name).write(stream, ["id", "city"]) as writer:
        writer.write(CHICAGO)

    assert not stream.closed
    assert [row.record for row in read(name, stream.getvalue())] == [CHICAGO]


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_a_stream_is_read_and_left_open(name):
    """Standard input is not ours to close, nor can it be sought."""
    pytest.importorskip("pyarrow")
    data = written(name, ["id", "city"], [CHICAGO, DENVER])
    stream = Pipe(data[at : at + 5] for at in range(0, len(data), 5))

    with file_adapter(name).read(stream) as reader:
        found = [row.record for row in reader]

    assert found == [CHICAGO, DENVER]
    assert not stream.closed


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_standard_input_and_output_are_streams(name):
    """In a pipe there is no end to go back from."""
    pytest.importorskip("pyarrow")
    code = (
        "import sys\nfrom qualify.adapters import file_adapter\n"
        f"with file_adapter({name!r}).read(sys.stdin.buffer) as rows, \\\n"
        f"        file_adapter({name!r}).write(sys.stdout.buffer, ['id', 'city']) as out:\n"
        "    for row in rows:\n        out.write(row.record)"
    )
    data = written(name, ["id", "city"], [CHICAGO, DENVER])

    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)

    assert done.stdout == data


def test_how_much_was_read_is_known_for_a_file(path):
    """Whoever waits for a million leads wants to know how long."""
    write(path, [{"id": str(at), "city": "Chicago"} for at in range(3)])

    with adapter_for(path).read(path) as reader:
        shares = [reader.done() for _ in reader]
        assert reader.done() == 1.0

    assert all(0.0 <= share <= 1.0 for share in shares)
    with file_adapter("csv").read(Pipe([b"Id\n1\n"])) as reader:
        assert reader.done() is None


# Errors


def test_a_place_that_cannot_be_read_is_named(path):
    """The person who mistyped the path must see it."""
    with pytest.raises(AdapterError) as refused:
        records(path)
    assert str(refused.value) == f"{path}: no such file"

    path.mkdir()
    with pytest.raises(AdapterError, match="a folder, not a file"):
        records(path)


def test_a_place_that_cannot_be_written_is_named(path):
    """Better before the first lead than after the last."""
    with pytest.raises(AdapterError, match="no such file"):
        write(path / "not" / path.name, [])

    path.mkdir()
    with pytest.raises(AdapterError):
        write(path, [])


def test_a_gzip_file_that_is_cut_off_says_so(tmp_path):
    """A download that broke off must not look like a short file."""
    whole = gzip.compress(written("csv", ["id"], ({"id": str(at)} for at in range(100_000))))
    path = tmp_path / "leads.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(AdapterError, match="a gzip file that is cut off or damaged"):
        records(path)


def test_a_text_stream_is_refused():
    """Somebody already decided on its encoding."""
    with pytest.raises(AdapterError, match="the stream gives text; open it in binary mode"):
        file_adapter("csv").read(io.StringIO("Id\n1\n"))


# Memory


def peak(action):
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


ROWS = {"csv": b"%d,{}\n", "jsonl": b'{"id": %d, "city": "{}"}\n', "json": b'{"id": %d, "city": "{}"},\n'}


def pieces(name, count):
    """A long text, made as it is asked for."""
    row = ROWS[name].replace(b"{}", b"Chicago " * 30)
    yield {"csv": b"id,city\n", "jsonl": b"", "json": b"["}[name]
    for at in range(count // 100):
        yield row % at * 100
    if name == "json":
        yield b'{"id": 0}]'


@pytest.mark.parametrize("name", ["csv", "jsonl", "json"])
def test_reading_takes_no_more_memory_for_a_longer_stream(name):
    """A file larger than memory is an ordinary file."""

    def consume(count):
        with file_adapter("csv" if name == "csv" else "jsonl").read(Pipe(pieces(name, count))) as rows:
            assert sum(1 for _ in rows) >= count

    consume(1000)  # what is loaded once is not counted

    short, long = peak(lambda: consume(10_000)), peak(lambda: consume(20_000))

    assert long < 1.1 * short
    assert long < 8 * 1024 * 1024


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_writing_takes_no_more_memory_for_more_rows(name, tmp_path):
    """Nor is it when written."""
    pa = pytest.importorskip("pyarrow")

    def produce(count):
        path = tmp_path / f"out.{name}"
        with adapter_for(path).write(path, [Column("id", "integer"), Column("city", "text")]) as writer:
            for at in range(count):
                writer.write({"id": at, "city": "Chicago"})

    produce(1000)

    short, long = peak(lambda: produce(5_000)), peak(lambda: produce(10_000))

    assert long < 1.1 * short
    assert pa.total_allocated_bytes() < 32 * 1024 * 1024
