"""A definition is a file or a folder: parts that belong together, lists beside them, and whatever files can be."""

import sys
from pathlib import Path

import pytest

from qualify.definition.files import LARGEST, load_model, loads_model
from qualify.errors import DefinitionError

TOP = 'format = 1\nname = "Leads"\nversion = "1"\nteams.marketing = "Marketing"\nteams.sales = "Sales"\n'
VIP = '[traits.vip]\nteam = "sales"\nwhen = "customer"\nwhy = "Vip."\n'
RIVALS = """
[lists.rivals]
team = "sales"
file = "{}"

[traits.rival]
team = "sales"
when = "email_domain in rivals"
why = "R."
"""


@pytest.fixture
def folder(tmp_path):
    """Writes files (name to text or bytes) into a folder and gives the folder."""

    def write(**files):
        for name, content in files.items():
            place = tmp_path / "leads" / name.replace("__", "/").replace("_toml", ".toml").replace("_txt", ".txt")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "leads"

    return write


def faults_of(path):
    """What is wrong with the definition there."""
    with pytest.raises(DefinitionError) as refused:
        load_model(path)
    return refused.value.faults


def only(path):
    (fault,) = faults_of(path)
    return fault


# --- parts ---


def test_the_parts_of_a_folder_are_one_definition(folder):
    """CODEOWNERS asks the right side for its review: what sales owns stands in sales.toml."""
    path = folder(definition_toml=TOP, marketing_toml=VIP, sales_toml='[stages.mql]\nrequires.sales = "vip"\n')

    model, findings = load_model(path)

    assert list(model.traits) == ["vip"]
    assert list(model.stages) == ["mql"]
    assert findings == ()


def test_definition_toml_comes_first_then_the_others_by_name(folder):
    """The order of stages is seen in one place, whoever added a file later."""
    path = folder(a_toml=VIP, definition_toml=TOP + "[traits.early]\nteam = 'sales'\nwhen = 'customer'\nwhy = 'F.'\n")

    assert list(load_model(path)[0].traits) == ["early", "vip"]


def test_mappings_and_stories_beside_it_are_no_part_of_it(folder):
    """They have their own names and readers."""
    path = folder(definition_toml=TOP, **{"x.mapping_toml": "this is = no definition", "x.stories_toml": "neither"})

    assert load_model(path)[0].name == "Leads"


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (VIP, "traits.vip"),
        ('name = "Others"\n', "name"),
        ('teams.sales = "Sellers"\n', "teams.sales"),
        ('[stages.mql]\ntitle = "M"\n', "stages.mql.title"),
        ('[stages.mql]\nrequires.sales = "vip"\n', "stages.mql.requires.sales"),
        ('[[stages.mql.handoff]]\nteam = "sales"\nact_within = "1 day"\n', "stages.mql.handoff"),
    ],
    ids=lambda each: each if "." in each and " " not in each else None,
)
def test_what_is_given_twice_shows_both_places(folder, part, shown):
    """Two sides that name the same thing must see each other's line."""
    mql = (
        '[stages.mql]\ntitle = "MQL"\nrequires.sales = "vip"\nhandoff = [{ team = "sales", act_within = "2 hours" }]\n'
    )

    fault = only(folder(definition_toml=TOP + VIP + mql, sales_toml=part))

    assert fault.code == "given-twice"
    assert f"'{shown}' is given twice" in fault.message
    assert fault.file.endswith("sales.toml")
    assert "It also stands at" in fault.other
    assert "definition.toml:" in fault.other


def test_a_stage_may_be_spread_over_files_side_by_side(folder):
    """Each side writes what it requires in its own file."""
    path = folder(
        definition_toml=TOP + '[stages.mql]\ntitle = "MQL"\n[stages.sql]\nafter = ["mql"]\n',
        marketing_toml=VIP + '[stages.mql]\nrequires.marketing = "vip"\ndisqualified_by = ["vip"]\n',
        sales_toml='[stages.sql]\nrequires.sales = "vip"\n[stages.mql]\nrequires.sales = "not vip"\n',
    )

    stages = load_model(path)[0].stages

    assert list(stages) == ["mql", "sql"]
    assert list(stages["mql"].requires) == ["marketing", "sales"]
    assert stages["mql"].disqualified_by == ("vip",)


def test_a_fault_of_a_spread_stage_stands_in_the_file_that_has_it(folder):
    """Sales must not be sent to marketing's file for its own mistake."""
    fault = only(
        folder(
            definition_toml=TOP + VIP + '[stages.mql]\nrequires.marketing = "vip"\n',
            sales_toml='[stages.mql]\nrequires.sales = "vipp"\n',
        )
    )

    assert (fault.code, fault.line, fault.did_you_mean) == ("unknown-fact", 2, "vip")
    assert fault.file.endswith("sales.toml")


def test_the_first_file_that_names_a_stage_names_all_of_them(folder):
    """An order that is spread over files is an order that nobody saw."""
    fault = only(
        folder(
            definition_toml=TOP + VIP,
            marketing_toml='[stages.mql]\nrequires.marketing = "vip"\n',
            sales_toml='[stages.mql]\nrequires.sales = "vip"\n[stages.sql]\nrequires.sales = "vip"\n',
        )
    )

    assert (fault.code, fault.line) == ("stage-order", 3)
    assert fault.file.endswith("sales.toml")


def test_all_faults_of_all_files_are_told_at_once_in_their_order(folder):
    """A folder is mended in one go, by two people."""
    found = faults_of(
        folder(
            definition_toml=TOP + 'colour = "red"\n',
            marketing_toml='[traits.a]\nteam = "marketing"\nwhen = "industy is known"\n',
            sales_toml="[traits.b]\nteam = 'salse'\nwhen = 'a'\nwhy = 'B.'\n",
        )
    )

    assert [(Path(each.file).name, each.line, each.code) for each in found] == [
        ("definition.toml", 6, "unknown-key"),
        ("marketing.toml", 1, "missing-key"),
        ("marketing.toml", 3, "unknown-field"),
        ("sales.toml", 2, "unknown-team"),
    ]


def test_where_a_part_can_t_be_read_names_are_not_called_unknown(folder):
    """They may stand in the part that can't be read; what follows from a fault is not told."""
    found = faults_of(
        folder(definition_toml=TOP + VIP.replace("customer", "elsewhere"), sales_toml="[traits.elsewhere\n")
    )

    assert [each.code for each in found] == ["not-toml"]


def test_the_other_faults_of_the_parts_that_can_be_read_are_told(folder):
    """All faults at once means of every file that parses."""
    found = faults_of(folder(a_toml=TOP + 'colour = "red"\n', b_toml="= 1\n", c_toml="[traits.a]\nwhen = 'a = b'\n"))

    assert [each.code for each in found] == ["unknown-key", "not-toml", "syntax"]


# --- no definition ---


def test_what_is_not_there_is_said_plainly(tmp_path):
    """A typo in a path is the commonest fault of all."""
    assert only(tmp_path / "nowhere.toml").code == "no-definition"
    assert only(tmp_path).code == "no-definition"
    assert only(str(tmp_path / "a\0b.toml")).code == "no-definition"


def test_a_part_that_can_t_be_read_is_named(folder):
    """A folder called x.toml among the parts is no reason for a traceback."""
    path = folder(definition_toml=TOP)
    (path / "x.toml").mkdir()

    fault = only(path)

    assert fault.code == "unreadable"
    assert fault.file.endswith("x.toml")


def test_a_definition_is_at_most_four_megabytes(folder):
    """A hundred megabytes are no definition, and aren't even read; the size is that of all parts together."""
    path = folder(definition_toml=TOP, a_toml=b"#" * (LARGEST // 2), b_toml=b"#" * (LARGEST // 2))

    assert [each.code for each in faults_of(path)] == ["too-large"]
    with pytest.raises(DefinitionError, match="at most 4 MB"):
        loads_model(TOP + "#" * LARGEST)


# --- text ---


def test_line_ends_and_byte_order_marks_of_other_systems_make_no_difference(folder):
    """Files come from Notepad too; their lines are counted as their readers count them."""
    text = TOP + VIP
    plain = load_model(folder(a_toml=text))[0]

    for other in (text.replace("\n", "\r\n"), "\ufeff" + text, "\ufeff" + text.replace("\n", "\r\n")):
        assert load_model(folder(a_toml=other))[0] == plain
    fault = only(folder(a_toml="\ufeff" + text.replace("customer", "custmer").replace("\n", "\r\n")))
    assert (fault.line, fault.column, fault.source) == (8, 9, 'when = "custmer"')


def test_text_that_is_no_utf_8_is_said_with_its_line(folder):
    """Excel and old editors save in other encodings, and a guess would change names."""
    fault = only(folder(a_toml=TOP.encode() + 'label = "Zürich"'.encode("latin-1")))

    assert (fault.code, fault.line) == ("not-utf-8", 6)
    with pytest.raises(DefinitionError, match="no UTF-8"):
        loads_model("name = '\ud800'")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a = " + "[" * 100_000, "too-deep"),
        ("a = " + "{a=" * 100_000, "too-deep"),
        (".".join("a" * 100_000) + " = 1", "too-deep"),
        ("[" + " . ".join('"a"' for _ in range(50_000)) + "]", "too-deep"),
        ("format = " + "9" * 100_000, "not-toml"),
        ("\0", "not-toml"),
        ("a = 1\rb = 2", "not-toml"),
        ("name = 'x" + "y" * 1_000_000, "not-toml"),
    ],
    ids=["brackets", "inline tables", "dotted keys", "quoted keys", "huge number", "NUL", "old line ends", "open text"],
)
def test_toml_that_no_editor_wrote_is_refused_quickly(text, code):
    """Whatever a broken program wrote is a fault, never a traceback and never a wait."""
    with pytest.raises(DefinitionError) as refused:
        loads_model(text)

    assert refused.value.faults[0].code == code


def test_a_rule_may_have_many_dots_in_its_texts():
    """Only keys are held to a number of parts."""
    text = TOP + VIP.replace('"customer"', "'company == \"" + "a. " * 50 + "z\"'")

    assert "a. a." in str(loads_model(text)[0].traits["vip"].when)


# --- lists ---


def test_a_list_stands_in_a_file_beside_the_definition(folder):
    """An entry a line; blank lines and lines that begin with # are for people; order and case are kept."""
    path = folder(
        definition_toml=TOP + RIVALS.format("lists/rivals.txt"),
        lists__rivals_txt="\ufeff# ours\r\n\r\n  Rival.example \r\nother.example\nRival.example\n#x\n # kept\n",
    )

    named = load_model(path)[0].lists["rivals"]

    assert named.values == ("Rival.example", "other.example", "# kept")
    assert named.file == "lists/rivals.txt"


@pytest.mark.parametrize(
    "file",
    [
        "../rivals.txt",
        "lists/../../rivals.txt",
        "/etc/passwd",
        "C:/rivals.txt",
        "c:rivals.txt",
        "lists\\\\rivals.txt",
        "\\\\\\\\server\\\\x.txt",
        "..\\\\rivals.txt",
        "\\u0000",
        "..",
    ],
)
def test_a_list_never_stands_outside_the_definition_s_folder(folder, file):
    """A definition from a stranger must not read the files of whoever checks it."""
    path = folder(definition_toml=TOP + RIVALS.format(file))
    (path.parent / "rivals.txt").write_text("secret\n", encoding="utf-8")

    fault = only(path)

    assert fault.code == "list-file"
    assert "below the definition's folder" in fault.message
    assert fault.line == 9


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_out_of_the_folder_is_not_followed(folder):
    """A link is a way out like any other; one within the folder is none."""
    path = folder(definition_toml=TOP + RIVALS.format("rivals.txt"), real_txt="rival.example\n")
    (path.parent / "secret.txt").write_text("secret\n", encoding="utf-8")

    (path / "rivals.txt").symlink_to(path.parent / "secret.txt")
    assert "link out of" in only(path).message

    (path / "rivals.txt").unlink()
    (path / "rivals.txt").symlink_to(path / "real.txt")
    assert load_model(path)[0].lists["rivals"].values == ("rival.example",)

    (path / "rivals.txt").unlink()
    (path / "rivals.txt").symlink_to(path / "rivals.txt")
    assert only(path).code == "list-file"

    (path / "rivals.txt").unlink()
    (path / "out").symlink_to(path.parent)
    (path / "definition.toml").write_text(TOP + RIVALS.format("out/secret.txt"), encoding="utf-8")
    assert "link out of" in only(path).message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file 'rivals.txt'"),
        (b"\n# nothing\n", "holds no entry"),
        (b"caf\xe9\n", "is no UTF-8 text"),
        ("good\nba\ua7cbd\n".encode(), "line 2 of 'rivals.txt' holds U+A7CB"),
    ],
    ids=["missing", "empty", "latin-1", "refused character"],
)
def test_a_list_that_can_t_be_read_is_told(folder, content, message):
    """A list that is silently empty would let every competitor through."""
    files = {} if content is None else {"rivals_txt": content}

    fault = only(folder(definition_toml=TOP + RIVALS.format("rivals.txt"), **files))

    assert fault.code == "list-file"
    assert message in fault.message


def test_a_folder_in_the_place_of_a_list_is_told(folder):
    """Not every path below the folder is a file."""
    path = folder(definition_toml=TOP + RIVALS.format("rivals.txt"))
    (path / "rivals.txt").mkdir()

    assert only(path).code == "list-file"


def test_a_file_alone_has_the_folder_it_stands_in(folder):
    """`load("leads/definition.toml")` finds its lists like the folder does."""
    path = folder(definition_toml=TOP + RIVALS.format("rivals.txt"), rivals_txt="x\n", sales_toml="this = is not read")

    assert load_model(path / "definition.toml")[0].lists["rivals"].values == ("x",)


def test_json_is_read_by_its_suffix(folder):
    """A program writes JSON; the definition is the same."""
    path = folder(**{"leads.json": '\ufeff{"format": 1, "name": "Leads", "version": "1", "teams": {"sales": "Sales"}}'})

    assert load_model(path / "leads.json")[0].name == "Leads"
    assert only(path).code == "no-definition"  # in a folder only TOML files are parts
