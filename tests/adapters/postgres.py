"""A PostgreSQL server of its own, in a temporary folder, reached by a socket there: nobody else sees it.

Debian's packages have everything; a server that is running already is left alone. It refuses to run as root, so root
starts it as the user that the package made.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

USERS = ("postgres", "nobody")
SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=20 -c shared_buffers=32MB"


def programs() -> Path | None:
    """The folder of its programs, the newest ones where there are several; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[4]))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return None if path is None else Path(path).parent


def why_not() -> str | None:
    """Why no server can be had here, or None."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed"
    if programs() is None:
        return "PostgreSQL is not installed"
    if os.name != "posix":
        return "PostgreSQL is started by a socket of Unix"
    if os.geteuid() == 0 and (shutil.which("runuser") is None or _somebody() is None):
        return "PostgreSQL can't run as root, and there is no other user to run it"
    return None


def _somebody() -> str | None:
    names = {each.pw_name for each in pwd.getpwall()}
    return next((name for name in USERS if name in names), None)


class Server:
    """A server that is running. `database` makes a new, empty database in it, and gives its URL."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._count = folder, 0

    def url(self, name: str) -> str:
        """SQLAlchemy's URL of one database."""
        return f"postgresql+psycopg://qualify@/{name}?host={self.folder}"

    def database(self) -> str:
        """A new database."""
        import psycopg

        self._count += 1
        name = f"crm{self._count}"
        with psycopg.connect(host=str(self.folder), user="qualify", dbname="postgres", autocommit=True) as open_:
            open_.execute(f"create database {name}")
        return self.url(name)


@contextmanager
def server():
    """Start one; it is stopped, and its folder removed, at the end. Ask `why_not` before."""
    folder = Path(tempfile.mkdtemp(prefix="qpg", dir="/tmp"))
    where, user = programs(), _somebody() if os.geteuid() == 0 else None
    assert where is not None
    folder.chmod(0o755)
    if user is not None:
        shutil.chown(folder, user)
    start = [] if user is None else ["runuser", "-u", user, "--"]

    def call(program: str, *words: str) -> None:
        done = subprocess.run(
            [*start, str(where / program), *words], cwd="/", capture_output=True, text=True, check=False, timeout=120,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    data = str(folder / "data")
    try:
        call("initdb", "-D", data, "-U", "qualify", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        call("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", f"{SETTINGS} -k {folder}", "start")
        try:
            yield Server(folder)
        finally:
            call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
