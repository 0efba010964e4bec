"""The host: strangers' packages are found without being imported, load alone, and hurt nobody when broken."""

import ast
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import qualify
from qualify.adapters import hooks
from qualify.adapters.claims import BUILT_IN, FOR_FILES
from qualify.errors import AdapterError
from tests.adapters import strangers as stranger
from tests.adapters.strangers import CONVERSIONS, answer, broken, good, install
from tests.pages import blocks

HOOK = "from qualify.adapters import hookimpl\n@hookimpl\ndef qualify_adapter():\n    return "
OF_RECORDS = (
    "class A:\n    name, summary, can = 'NAME', 'x', frozenset()\n"
    "    mapping_text, mapping, options, secrets = '', None, {}, {}\n"
    "    def connect(self, properties, options={}):\n        pass\n" + HOOK + "A()"
)
GIVES = (
    "from qualify.adapters import hookimpl\nfrom qualify.mapping import Conversion\n"
    "@hookimpl\ndef qualify_conversions():\n    return "
)

FAULTY = {
    "raises": ("raise RuntimeError('no such luck')", "RuntimeError: no such luck"),
    "lacks": ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
    "exits": ("raise SystemExit(3)", "it exits the program (3)"),
    "misspelt": (
        "from qualify.adapters import hookimpl\n@hookimpl\ndef qualify_adaptor():\n    return 1",
        "PluginValidationError: unknown hook 'qualify_adaptor' in plugin ",
    ),
    "signature": (
        "from qualify.adapters import hookimpl\n@hookimpl\ndef qualify_adapter(source):\n    return 1",
        "PluginValidationError: Plugin 'signature' for hook 'qualify_adapter' hookimpl definition: ",
    ),
    "unmarked": (
        "def qualify_adapter():\n    return 1",
        "qualify_unmarked registers no adapter: its qualify_adapter is not marked with @hookimpl",
    ),
    "hookless": ("pass", "qualify_hookless registers no adapter: it has no hook qualify_adapter"),
    "late": (f"{HOOK}1 / 0", "ZeroDivisionError: division by zero"),
    "other": (
        f"{HOOK}{{'name': 'other'}}",
        "qualify_other gives something that is no adapter: a dict without 'name' (str)",
    ),
    "renamed": (
        "class A:\n    name, summary, can = 'acme', 'x', frozenset()\n" + HOOK + "A()",
        "qualify_renamed gives something that is no adapter: it calls itself 'acme', its entry point '",
    ),
    "half": (
        "class A:\n    name, summary, can, suffixes = 'half', 'x', frozenset(), ('.half',)\n" + HOOK + "A()",
        "qualify_half gives something that is no adapter: a A with 'suffixes' but without 'read_options'",
    ),
    "newer": (
        "class A:\n    name, summary, can, contract = 'newer', 'x', frozenset(), 2\n" + HOOK + "A()\n"
        "@hookimpl\ndef qualify_of_tomorrow():\n    return 1",
        "it is made for contract 2, and this qualify knows contract 1: upgrade qualify",
    ),
    "oddly": (
        "class A:\n    name, summary, can, contract = 'oddly', 'x', frozenset(), 'one'\n" + HOOK + "A()",
        "qualify_oddly gives something that is no adapter: a A whose 'contract' is no whole number from 1",
    ),
    "able": (
        "class A:\n    name, summary, can = 'able', 'x', frozenset({'raed'})\n" + HOOK + "A()",
        "qualify_able gives something that is no adapter: a A whose 'can' says 'raed'; did you mean 'read'?",
    ),
    "nothing": (HOOK + "None", "qualify_nothing registers no adapter: its qualify_adapter gives None"),
    "unmapped": (
        OF_RECORDS.replace("NAME", "unmapped").replace("mapping_text, mapping", "connected, mapping"),
        "qualify_unmapped gives something that is no adapter: a A with 'connect' but without 'mapping_text'",
    ),
    "fileless": (
        OF_RECORDS.replace("NAME", "fileless").replace("= '', None", "= property(lambda self: open('no.toml')), None"),
        "FileNotFoundError: [Errno 2] No such file or directory: 'no.toml'",
    ),
    "tableless": (
        OF_RECORDS.replace("NAME", "tableless").replace("= '', None, {}, {}", "= '', None, {}, ('TOKEN',)"),
        "qualify_tableless gives something that is no adapter: a A whose 'secrets' is no table of names and meanings",
    ),
    "deaf": (
        OF_RECORDS.replace("NAME", "deaf").replace("def connect", "connect = 1\n    def connects"),
        "qualify_deaf gives something that is no adapter: a A whose 'connect' can't be called",
    ),
    "listed": (
        GIVES + "['shouting']",
        "qualify_listed gives something else than conversions: a list, where a table of names and Conversions was",
    ),
    "greedy": (
        GIVES + "{'money': Conversion('number', float)}",
        "qualify_greedy gives something else than conversions: the conversion 'money' is qualify's own",
    ),
    "envious": (
        GIVES + "{'email kind': Conversion('text', str)}",
        "qualify_envious gives something else than conversions: the conversion 'email kind' is qualify's own",
    ),
    "plain": (
        GIVES + "{'shouting': str.upper}",
        "qualify_plain gives something else than conversions: 'shouting' is a method_descriptor, not a Conversion",
    ),
    "wordy": (
        "from qualify.adapters import hookimpl\n@hookimpl\ndef qualify_conversions(names):\n    return {}",
        "PluginValidationError: Plugin 'wordy' for hook 'qualify_conversions' hookimpl definition: ",
    ),
    "mute": (
        "class Odd(BaseException):\n    def __str__(self):\n        raise ValueError\nraise Odd",
        "Odd",
    ),
}
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
OURS = f"qualify {qualify.adapters.installed_adapters()[0].version}"
TWICE = "claimed more than once, by qualify-one 1.2 and qualify-two 1.2; uninstall one"


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """A folder with good packages, one of every broken kind, and some that want what is another's."""
    return install(
        tmp_path_factory.mktemp("strangers") / "installed",
        good("acme"),
        good("files", code=stranger.FOR_FILES),
        *(broken(name, code) for name, (code, _) in FAULTY.items()),
        good("twin", package="qualify-one"),
        good("twin", package="qualify-two"),
        good("csv", package="qualify-usurper"),
        good("shouting", code=CONVERSIONS),
        good("echo", package="qualify-echo-one", code=CONVERSIONS),
        good("echo-too", package="qualify-echo-two", code=CONVERSIONS.replace("{name}", "echo")),
    )


# Listing


def test_a_list_imports_nobody(strangers):
    """Whoever asks what is there must not pay for, or fall over, what is there."""
    listed, imported, loaded = answer(
        strangers,
        "names = [(each.name, each.package, each.version) for each in qualify.installed_adapters()]\n"
        "answer = names, getattr(sys, 'imported', []), [m for m in sys.modules if m == 'pluggy']",
    )

    assert ["acme", "qualify-acme", "1.2"] in listed
    assert [each[0] for each in listed if each[1] == "qualify"] == sorted(BUILT_IN)
    assert not imported
    assert not loaded


def test_a_list_that_loads_says_what_each_can_do_and_what_is_wrong(strangers):
    """One broken package must not stop the others, nor hide."""
    listed = answer(
        strangers,
        "answer = [(each.name, each.package, each.version, each.can, each.error)\n"
        "          for each in qualify.installed_adapters(load=True)]",
    )

    found = {(name, package): (version, can, error) for name, package, version, can, error in listed}
    assert found["acme", "qualify-acme"] == ("1.2", ["read"], None)
    for name in ("csv", "jsonl", "parquet"):
        assert found[name, "qualify"][1:] == (["read", "write"], None)
    for name, (_, reason) in FAULTY.items():
        version, can, error = found[name, f"qualify-{name}"]
        assert (version, can) == ("1.2", None)
        assert error.startswith(reason)


GARBLED = {
    "a line that is none": b"[qualify]\nthis line says nothing\n",
    "bytes that are no text": b"[qualify]\n\xff\xfe = \xc3\n",
    "a line of no concern": b"[console_scripts]\nthis line says nothing\n",
    "bytes of no concern": b"[console_scripts]\n\xff\xfe = \xc3\n",
    "one line among others": b"[qualify]\n# ours\ngarbled = garbled\n[console_scripts]\nwhat\n",
}


@pytest.fixture(params=GARBLED.values(), ids=GARBLED)
def garbled(request, tmp_path):
    """A folder with one good package, and one whose entry points nobody can read."""
    folder = install(tmp_path / "installed", good("acme"))
    about = folder / "some_thing-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: some-thing\nVersion: 1.2\n")
    (about / "entry_points.txt").write_bytes(request.param)
    return folder


def test_metadata_that_nobody_can_read_are_listed_under_the_package_s_name(garbled):
    """No installer writes such a line; a disk that was full may leave it, and everything may fall over it."""
    errors = answer(garbled, "answer = {each.name: each.error for each in qualify.installed_adapters(load=True)}")

    assert errors["some-thing"].startswith("its entry points can't be read: ")
    assert (errors["csv"], errors["database"], errors["acme"]) == (None, None, None)
    assert "garbled" not in errors


def test_metadata_that_nobody_can_read_stop_nothing_else(garbled):
    """Pydantic asks all packages for plugins, and raises; it goes on without them when it is asked again."""
    said = answer(
        garbled,
        "answer = [qualify.Lead(id='7').id, qualify.adapter('acme').name,\n"
        "          qualify.adapter('database').mapping.lead({'id': 7, 'employees': '12'}).employees]",
    )

    assert said == ["7", "acme", 12]


def test_ctrl_c_while_a_plugin_is_imported_goes_through(tmp_path):
    """Whoever wants to stop must be able to, whoever's code is running."""
    folder = install(tmp_path / "installed", broken("endless", "raise KeyboardInterrupt"))

    said = answer(
        folder,
        "answer = []\nfor call in (lambda: qualify.adapter('endless'), lambda: qualify.installed_adapters(load=True)):\n"
        "    try:\n        call()\n    except KeyboardInterrupt:\n        answer.append('stopped')",
    )

    assert said == ["stopped", "stopped"]


# By name


def test_asking_for_one_loads_that_one_alone(strangers):
    """A stranger's start-up time is paid by those who use the stranger."""
    found, imported = answer(
        strangers, "found = qualify.adapter('acme')\nanswer = found.summary, getattr(sys, 'imported', [])"
    )

    assert (found, imported) == ("a small CRM", ["qualify_acme"])


def test_the_second_time_it_is_the_same_object(strangers):
    """An adapter is made once."""
    assert answer(strangers, "answer = qualify.adapter('acme') is qualify.adapter('acme')")


def test_asking_for_a_broken_one_gives_its_reason(strangers):
    """'Unknown adapter' would send its user to look for a typo that isn't there."""
    refusals = answer(strangers, f"answer = {{name: refusal(name) for name in {sorted(FAULTY)!r}}}")

    for name, (_, reason) in FAULTY.items():
        assert refusals[name].startswith(f"adapter {name!r} of qualify-{name} 1.2 can't be used: {reason}")
        assert "\n" not in refusals[name]


def test_an_unknown_name_gets_the_nearest():
    """A typo is the likeliest reason."""
    with pytest.raises(AdapterError, match=r"no adapter 'cvs'; did you mean 'csv'\?"):
        qualify.adapter("cvs")
    with pytest.raises(AdapterError, match="no adapter 'goldmine'; installed: csv, "):
        qualify.adapter("goldmine")


# Names that two want


def test_a_name_that_two_claim_is_refused_and_both_are_named(strangers):
    """Which of them read the leads must not hang on the order of a path."""
    refused, errors, imported = answer(
        strangers,
        "errors = [each.error for each in qualify.installed_adapters() if each.name == 'twin']\n"
        "answer = refusal('twin'), errors, getattr(sys, 'imported', [])",
    )

    assert refused.endswith(TWICE)
    assert len(errors) == 2
    assert all(error.endswith(TWICE) for error in errors)
    assert not imported


def test_a_stranger_cannot_take_a_built_in_name(strangers):
    """A package that is merely installed must not decide how everybody's CSV is read, nor break it."""
    module, claims = answer(
        strangers,
        "listed = [each for each in qualify.installed_adapters() if each.name == 'csv']\n"
        "claims = [(each.package, each.error) for each in listed]\n"
        "answer = type(qualify.adapter('csv')).__module__, claims",
    )

    assert module == "qualify.adapters.csv"
    assert claims == [["qualify", None], ["qualify-usurper", "the name 'csv' is taken by qualify itself"]]


# Switching off


def test_an_allow_list_keeps_everybody_else_out(strangers):
    """Where a stranger's code must not run, it isn't even imported."""
    loaded, errors, refused, imported = answer(
        strangers,
        "listed = qualify.installed_adapters(load=True)\n"
        "errors = sorted({each.error for each in listed if each.error})\n"
        "answer = ([each.name for each in listed if each.can], errors, refusal('files'),\n"
        "          getattr(sys, 'imported', []))",
        allowed=" acme, jsonl ,",
    )

    assert loaded == ["acme", "jsonl"]
    assert errors == ["switched off: acme, jsonl alone may be loaded, says QUALIFY_ADAPTERS"]
    assert refused.endswith("can't be used: switched off: acme, jsonl alone may be loaded, says QUALIFY_ADAPTERS")
    assert imported == ["qualify_acme"]


@pytest.mark.parametrize("allowed", ["", " , "])
def test_an_empty_allow_list_is_none(strangers, allowed):
    """In a shell, an empty variable is how one takes it back."""
    assert answer(strangers, "answer = qualify.adapter('acme').name", allowed=allowed) == "acme"


def test_an_allow_list_can_be_an_argument_and_never_widens_the_environment_s(strangers):
    """A program narrows what it loads; what the machine's owner switched off, it can't switch on."""
    code = (
        "def error(name, allow):\n"
        "    listed = qualify.installed_adapters(load=True, allow=allow)\n"
        "    return next(each.error for each in listed if each.name == name)\n"
        "answer = [error('acme', 'jsonl, acme'), error('acme', ['jsonl']), error('acme', []), error('csv', ['csv']),\n"
        "          getattr(sys, 'imported', [])]"
    )

    assert answer(strangers, code, allowed="acme,jsonl") == [
        None,
        "switched off: jsonl alone may be loaded",
        "switched off: none alone may be loaded",
        "switched off: acme, jsonl alone may be loaded, says QUALIFY_ADAPTERS",
        ["qualify_acme"],
    ]


def test_what_is_not_allowed_is_refused_by_name_too(strangers):
    """Otherwise an allow-list would be a matter of which function is called."""
    code = (
        "from qualify.adapters import adapter, adapter_for, file_adapter, plugin_conversions\n"
        "def said(what, *about):\n    try:\n        return str(what(*about, allow='acme'))\n"
        "    except AdapterError as why:\n        return str(why)\n"
        "answer = [said(adapter, 'shouting'), said(file_adapter, 'files'), said(adapter_for, 'x.acme'),\n"
        "          said(plugin_conversions, ['shouting']), said(plugin_conversions, ['email kind']),\n"
        "          getattr(sys, 'imported', [])]"
    )

    off = "switched off: acme alone may be loaded"
    assert answer(strangers, code) == [
        f"adapter 'shouting' of qualify-shouting 1.2 can't be used: {off}",
        f"adapter 'files' of qualify-files 1.2 can't be used: {off}",
        "x.acme: no adapter for files that end in '.acme'; known are . Or say the adapter's name",
        "{}",
        f"adapter 'email_kind' of {OURS} can't be used: {off}",
        ["qualify_acme"],
    ]


# Conversions


def test_a_plugin_may_bring_conversions_and_no_adapter(strangers):
    """Who keeps a list of domains has no CRM."""
    listed, refused = answer(
        strangers,
        "listed = [(each.summary, each.can, each.conversions, each.error)\n"
        "          for each in qualify.installed_adapters(load=True) if each.name == 'shouting']\n"
        "answer = listed, refusal('shouting')",
    )

    assert listed == [['for mappings: as = "shouting"', [], ["shouting"], None]]
    assert refused == "'shouting' of qualify-shouting 1.2 is no adapter: it brings conversions for mappings only"


def test_a_conversion_is_found_by_its_name_among_all_plugins(strangers):
    """A mapping names a meaning, not the package that has it; a broken package is no reason to refuse it."""
    code = (
        "from qualify.adapters import plugin_conversions\n"
        "found = plugin_conversions(['shouting', 'whispering'])\n"
        "answer = {name: each.reader(None)('ada') for name, each in found.items()}"
    )

    assert answer(strangers, code) == {"shouting": "ADA"}


def test_for_a_conversion_of_ours_no_stranger_is_imported(strangers):
    """Whoever loads a mapping with `email kind` must not pay for, or fall over, what else is installed."""
    code = (
        "from qualify.adapters import plugin_conversions\n"
        "answer = list(plugin_conversions([])), list(plugin_conversions(['email kind'])), getattr(sys, 'imported', [])"
    )

    assert answer(strangers, code) == [[], ["email kind"], []]


def test_a_conversion_that_two_bring_is_refused_and_both_are_named(strangers):
    """Which of them reads the leads must not hang on the order of a path."""
    code = (
        "from qualify.adapters import plugin_conversions\n"
        "try:\n    plugin_conversions(['echo'])\nexcept AdapterError as why:\n    answer = str(why)"
    )

    twice = "the conversion 'echo' is brought by both qualify-echo-one 1.2 and qualify-echo-two 1.2; uninstall one"
    assert answer(strangers, code) == twice


# For files


def test_a_stranger_s_files_are_known_by_their_ending(strangers, tmp_path):
    """A format is as good as built in once its package is installed."""
    path = tmp_path / "leads.acme"
    path.write_text("0031\n0032\n")

    found, imported = answer(
        strangers,
        "from qualify.adapters import adapter_for\n"
        f"with adapter_for({str(path)!r}).read({str(path)!r}) as rows:\n"
        "    found = [row.record['id'] for row in rows]\n"
        "answer = found, adapter_for('x.csv').name",
    )

    assert (found, imported) == (["0031", "0032"], "csv")


def test_for_a_file_of_ours_no_stranger_is_imported(strangers):
    """The ending tells; there is no reason to ask around."""
    code = (
        "from qualify.adapters import adapter_for\n"
        "names = [adapter_for(each).name for each in ('a.CSV', 'a.tsv', 'a.csv.gz', 'a.json', 'a.parquet')]\n"
        "answer = names, getattr(sys, 'imported', [])"
    )

    assert answer(strangers, code) == [["csv", "csv", "csv", "jsonl", "parquet"], []]


def test_an_ending_that_nobody_knows_is_said_with_those_that_are_known():
    """Excel's own format is the likeliest, and a database's file the next."""
    with pytest.raises(AdapterError, match=r"'.xlsx' \(save the sheet as CSV\); known are "):
        qualify.adapters.adapter_for("q3/leads.xlsx")
    with pytest.raises(AdapterError, match=r"'.db' \(qualify run reads a table of it by its URL, as in "):
        qualify.adapters.adapter_for("q3/leads.db")
    with pytest.raises(AdapterError, match=r"leads.parq: no adapter for files that end in '.parq'; known are "):
        qualify.adapters.adapter_for("q3/leads.parq")
    with pytest.raises(AdapterError, match="leads: its name doesn't tell what it is"):
        qualify.adapters.adapter_for("leads")


def test_an_adapter_that_is_not_for_files_is_no_file_adapter(strangers):
    """A CRM can't read a path; better said at once than as a missing attribute."""
    code = (
        "from qualify.adapters import file_adapter\n"
        "try:\n    file_adapter('acme')\nexcept AdapterError as why:\n    answer = str(why)"
    )

    assert answer(strangers, code) == "adapter 'acme' is not for files"


# Ourselves


def test_from_a_source_tree_without_metadata_the_built_in_ones_are_there(tmp_path):
    """Whoever has cloned us and set a path must be able to read a CSV."""
    import pluggy

    (tmp_path / "pluggy").symlink_to(Path(pluggy.__file__).parent)
    source = Path(qualify.__file__).parent.parent
    alone = tmp_path / "source"
    alone.mkdir()
    (alone / "qualify").symlink_to(source / "qualify")
    code = (
        "import qualify\n"
        "print([(each.name, each.version, each.can, each.error)\n"
        "       for each in qualify.installed_adapters(load=True)])"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(alone), str(tmp_path)])},
        capture_output=True,
        text=True,
        check=False,
    )

    listed = {name: rest for name, *rest in ast.literal_eval(done.stdout)}
    assert listed.keys() == BUILT_IN.keys()
    assert all(listed[name] == [None, ("read", "write"), None] for name in FOR_FILES)


def test_our_own_metadata_is_no_second_claim(tmp_path):
    """An installed release names the same modules that the source tree knows."""
    about = tmp_path / "qualify-9.9.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: qualify\nVersion: 9.9\n")
    (about / "entry_points.txt").write_text(
        "[qualify]\n" + "".join(f"{name} = {module}\n" for name, module in BUILT_IN.items())
    )
    code = (
        "answer = [(each.name, each.version, each.error) for each in qualify.installed_adapters(load=True)\n"
        "          if each.package == 'qualify']"
    )

    assert [each[0::2] for each in answer(tmp_path, code)] == [[name, None] for name in sorted(BUILT_IN)]


def test_the_room_is_cheap_to_enter():
    """A program that only might read a file shouldn't wait for the plugins' machinery."""
    code = (
        "import sys, qualify.adapters\n"
        "heavy = 'pluggy', 'importlib.metadata', 'pydantic', 'pyarrow', 'charset_normalizer'\n"
        "print([name for name in heavy if name in sys.modules])"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_the_reference_shows_the_hooks_as_they_are():
    """An author copies the signature from the page."""
    text = (REFERENCE / "hooks.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```python\n(def (qualify_\w+)\(.*:)$", text, re.MULTILINE)

    specs = {
        name: f"def {name}{inspect.signature(each)}:".replace("'", "")
        for name, each in vars(hooks).items()
        if hasattr(each, "qualify_spec")
    }

    assert {name: line for line, name in shown} == specs
    assert {name.removeprefix("## ") for name in re.findall("^## qualify_.*$", text, re.MULTILINE)} == set(specs)


def test_the_smallest_examples_of_the_reference_are_plugins(tmp_path):
    """An author begins with a copy of them."""
    examples = [block.text for block in blocks(REFERENCE / "hooks.md") if "@hookimpl" in block.text]
    names = ("acme", "shouting")
    folder = install(tmp_path / "installed", *(broken(name, code) for name, code in zip(names, examples, strict=True)))

    listed = answer(
        folder,
        "listed = {each.name: each for each in qualify.installed_adapters(load=True)}\n"
        "answer = [(listed[name].error, listed[name].can, listed[name].conversions) for name in ('acme', 'shouting')]",
    )

    assert listed == [[None, ["read"], []], [None, [], ["shouting"]]]


def test_the_reference_lists_what_the_room_shows():
    """What isn't listed may change without notice; so the list has to be right."""
    page = REFERENCE / "adapters.md"
    listed = re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(qualify.adapters.__all__) <= set(listed)
