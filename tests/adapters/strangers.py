"""Packages of strangers, really installed: wheels, put by pip into a folder for another interpreter.

Each tells on itself: it adds its name to `sys.imported` when it is imported.
"""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import qualify

TELL = "import sys\nsys.imported = [*getattr(sys, 'imported', []), __name__]\n"
GOOD = (
    TELL
    + """
from qualify.adapters import BadRow, Facts, Reader, Row, Writer, hookimpl, known_options

class Acme:
    name = "{name}"
    summary = "a small CRM"
    can = frozenset({{"read"}})

@hookimpl
def qualify_adapter():
    return Acme()
"""
)
FOR_FILES = GOOD.replace(
    "@hookimpl",
    """
    suffixes = (".acme",)
    read_options = {{}}
    write_options = {{}}
    def read(self, source, options={{}}):
        known_options(self.name, options, self.read_options)
        rows = (Row(at, {{"id": line}}) for at, line in enumerate(open(source).read().split(), start=1))
        return Reader(Facts(), rows)
    def write(self, target, columns, options={{}}):
        raise NotImplementedError

@hookimpl""",
)

CONVERSIONS = (
    TELL
    + """
from qualify.adapters import hookimpl
from qualify.mapping import Conversion

def reader(ways):
    return str.upper

@hookimpl
def qualify_conversions():
    return {{"{name}": Conversion("text", reader)}}
"""
)


@dataclass(frozen=True, slots=True)
class Package:
    """A stranger's package: one module, and what it says in its entry points."""

    name: str
    module: str
    code: str
    points: str
    version: str = "1.2"


def good(name: str, *, package: str | None = None, code: str = GOOD) -> Package:
    """A package whose adapter works."""
    package = package or f"qualify-{name}"
    module = package.replace("-", "_")
    return Package(package, module, code.format(name=name), f"{name} = {module}")


def broken(name: str, code: str) -> Package:
    """A package with something wrong in its code."""
    return Package(f"qualify-{name}", f"qualify_{name}", TELL + code, f"{name} = qualify_{name}")


def install(folder: Path, *packages: Package) -> Path:
    """Build a wheel of each and let pip install them into `folder`, without index and dependencies."""
    wheels = folder.with_name(f"{folder.name}-wheels")
    wheels.mkdir()
    files = []
    for package in packages:
        about = f"{package.name.replace('-', '_')}-{package.version}.dist-info"
        wheel = wheels / f"{package.name.replace('-', '_')}-{package.version}-py3-none-any.whl"
        contents = {
            f"{package.module}.py": package.code,
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{about}/entry_points.txt": f"[qualify]\n{package.points}\n",
        }
        record = "".join(f"{name},,\n" for name in (*contents, f"{about}/RECORD"))
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in {**contents, f"{about}/RECORD": record}.items():
                archive.writestr(name, text)
        files.append(str(wheel))
    command = "pip install -q --no-deps --no-index --no-compile --no-cache-dir --disable-pip-version-check --target"
    done = subprocess.run(
        [sys.executable, "-m", *command.split(), str(folder), *files],
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def answer(folder: Path, code: str, *, allowed: str | None = None) -> Any:
    """What `code` puts into `answer`, in an interpreter of its own that has the packages in `folder`."""
    source = Path(qualify.__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(source), str(folder)])}
    environment.pop("QUALIFY_ADAPTERS", None)
    if allowed is not None:
        environment["QUALIFY_ADAPTERS"] = allowed
    program = (
        "import json, sys\nimport qualify\nfrom qualify.errors import AdapterError\n"
        "def refusal(name):\n    try:\n        qualify.adapter(name)\n"
        "    except AdapterError as why:\n        return str(why)\n"
        f"{code}\nprint(json.dumps(answer))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
