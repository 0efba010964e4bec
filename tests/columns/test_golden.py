"""What each dialect says of the whole language, as text to be read beside the vendor's manual.

Three of the six dialects can't be run here. Their text is parsed in the dialect, every name in it is found, it uses no
function but those that were thought over, and none of those that are known to mean something else there. Manuals were
read where something was in doubt; nothing was run. With UPDATE=1 the files are drawn anew; read what changed.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import qualify
from qualify.columns.dialects import DIALECTS
from qualify.columns.rules import CannotSay

sqlglot = pytest.importorskip("sqlglot")
exp = sqlglot.exp

HERE = Path(__file__).parent
AS_OF = datetime(2026, 11, 20, 12, tzinfo=UTC)
TYPES = {
    "whole": "integer", "precise": "decimal(12, 4)", "plain": "double", "renewed_at": "timestamp",
    "activities.seconds": "integer", "activities.amount": "decimal(12, 2)", "activities.fee": "double",
    "activities.ended_at": "timestamp",
}  # fmt: skip

SHARED = "ABS CAST COALESCE COUNT FLOOR GREATEST LEAST LOWER MAX MIN NULLIF REPLACE ROW_NUMBER SUM".split()
THOUGHT_OVER = {
    "databricks": "ARRAY ARRAYS_OVERLAP ARRAY_EXCEPT ARRAY_SIZE BTRIM CHAR_LENGTH CONCAT CONCAT_WS CONTAINS "
    "CONVERT_TIMEZONE DATE_ADD ENDSWITH FILTER OCTET_LENGTH REGEXP_LIKE RIGHT STARTSWITH "
    "SUBSTRING_INDEX TIMESTAMP_MICROS TRANSFORM TRUNC UNIX_MICROS",
    "snowflake": "ARRAYS_OVERLAP ARRAY_COMPACT ARRAY_CONSTRUCT ARRAY_CONSTRUCT_COMPACT ARRAY_EXCEPT ARRAY_SIZE ARRAY_TO_STRING "
    "CONTAINS CONVERT_TIMEZONE COUNT_IF DATEADD DATE_PART DATE_TRUNC DAYOFWEEKISO ENDSWITH MOD REGEXP_INSTR SPLIT_PART "
    "STARTSWITH TO_DATE TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TRANSFORM TRIM",
    "bigquery": "ARRAY ARRAY_TO_STRING COUNTIF DATETIME DATETIME_ADD DATE_ADD DATE_TRUNC DIV ENDS_WITH NORMALIZE REGEXP_CONTAINS "
    "REGEXP_EXTRACT SAFE_ADD SAFE_DIVIDE SAFE_MULTIPLY SAFE_SUBTRACT STARTS_WITH STRPOS TIMESTAMP TIMESTAMP_ADD "
    "TIMESTAMP_DIFF TRIM UNNEST",
}
"""The functions that are used of dialects that can't be run here; before another one is, its manual is to be read."""

SPARK_DATES = "measured on Spark 4.0 and 4.3 in a session in New York"
WRONG = [
    ("duckdb", r"\bDATE_?DIFF\(", "counts the borders between two moments, not what lies between", "DuckDB, date functions"),
    ("duckdb", r"\bLIKE\b", "reads % and _ in a text", "DuckDB, pattern matching"),
    ("duckdb", r"E'", "release 1.2 stops at \\u in it", "measured on DuckDB 1.2.0"),
    ("postgres", r"\bLIKE\b", "reads % and _ in a text", "PostgreSQL, pattern matching"),
    ("postgres", r"\b(CONTAINS|ENDS_WITH|COUNT_IF|TRY_CAST)\(", "is no function there, though SQLGlot writes it", "SQLGlot"),
    ("postgres", r"\bREGEXP_LIKE\(", "is new in 15", "PostgreSQL 15, release notes"),
    ("postgres", r"\bLOWER\((?![\s\S]{0,600}? COLLATE \"und-x-icu\"\s*\))", "follows the database's locale",
     "measured in databases of three locales"),
    ("spark", r"\bTIMESTAMPDIFF\(", "reads times without a zone on the session's clock", SPARK_DATES),
    ("spark", r"\b(FROM|TO)_UTC_TIMESTAMP\(", "goes by the session's zone", SPARK_DATES),
    ("spark", r"\bSIZE\(", "is -1 of what is missing, unless ANSI is on", "measured on Spark 4.3"),
    ("spark", r" AS TIMESTAMP\)", "is with or without a zone as spark.sql.timestampType has it", "Spark, data types"),
    ("databricks", r"\bFROM_UTC_TIMESTAMP\(", "comes out reversed where SQLGlot carries it on", "measured on SQLGlot 30"),
    ("databricks", r"\bTO_UTC_TIMESTAMP\(", "goes by the session's zone", SPARK_DATES),
    ("databricks", r"\bTIMESTAMP(ADD|DIFF)\(", "is said to give and to take a TIMESTAMP only", "Databricks, timestampadd"),
    ("databricks", r"\bSIZE\(", "is -1 of what is missing, unless ANSI is on", "Databricks, size"),
    ("databricks", r"\bJAVA_METHOD\(", "asks for a class that needn't be there", "Databricks, java_method"),
    ("snowflake", r"\b(REGEXP_LIKE|RLIKE)\(", "has to match from the first letter to the last", "Snowflake, REGEXP_LIKE"),
    ("snowflake", r"DATE_TRUNC\('week'", "asks the session on which day a week begins", "Snowflake, WEEK_START"),
    ("snowflake", r"\bDAYOFWEEK\(", "asks the session on which day a week begins", "Snowflake, WEEK_START"),
    ("snowflake", r"CAST\('[-\d: .+]+' AS (DATE|TIME)", "is read in the session's format", "Snowflake, DATE_INPUT_FORMAT"),
    ("snowflake", r"\bTO_TIMESTAMP\(| AS TIMESTAMP\)", "is what the session makes of it",
     "Snowflake, TIMESTAMP_TYPE_MAPPING"),
    ("snowflake", r"CAST\(CONVERT_TIMEZONE\([^()]*\) AS TIMESTAMP_?TZ", "takes it for the session's zone",
     "Snowflake, conversion of TIMESTAMP_NTZ"),
    ("snowflake", r"\b(STARTS_WITH|ENDS_WITH|STRPOS|TIMEZONE|LIST_\w+)\(", "is no function there", "Snowflake, functions"),
    ("snowflake", r"\b(TIMESTAMP|DATE)DIFF\(", "counts the borders of units between two moments", "Snowflake, DATEDIFF"),
    ("snowflake", r"\bTRY_CAST\(", "takes nothing but texts", "Snowflake, TRY_CAST"),
    ("snowflake", r"\bFLOOR\(\s*\w+[^()]* / ", "divides to six decimals, rounded", "Snowflake, arithmetic operators"),
    ("bigquery", r"\bCONTAINS_SUBSTR\(", "ignores case and composes, and is what SQLGlot makes of CONTAINS",
     "BigQuery, string functions"),
    ("bigquery", r"TRUNC\([^,]*, WEEK\)", "begins on Sundays, and is what SQLGlot makes of 'week'", "BigQuery, DATE_TRUNC"),
    ("bigquery", r"TIMESTAMP_(ADD|SUB)\([^()]*(MONTH|YEAR)", "knows no months", "BigQuery, TIMESTAMP_ADD"),
    ("snowflake", r"\bCONCAT_WS\(", "is missing where one of its parts is", "Snowflake, CONCAT_WS"),
    ("bigquery", r"\bCONCAT_WS\(", "is no function there", "BigQuery, string functions"),
    ("bigquery", r"\bFILTER ?\(", "is no clause there", "BigQuery, aggregate functions"),
    ("bigquery", r"\b(COUNT_IF|REGEXP_LIKE|REGEXP_MATCHES|TIMEZONE)\(", "is no function there", "BigQuery, functions"),
    ("bigquery", r"AS (DECIMAL|NUMERIC|BIGNUMERIC)\(", "takes no digits within CAST", "BigQuery, parameterized types"),
]  # fmt: skip
"""What must stand in no text: in which dialect, what it looks like, what is wrong with it, and who says so."""


@pytest.fixture(scope="module")
def definition():
    return qualify.load(HERE / "whole-language.toml")


def text_of(definition, dialect, as_of=AS_OF):
    return definition.to_sql(
        dialect, table="crm.leads", activities="crm.activities", as_of=as_of, types=TYPES, explain=True
    )


def code_of(text):
    """The text without comments and without what stands in quotes."""
    text = re.sub(r"--[^\n]*|/\*.*?\*/", "", text)
    return re.sub(r"'(?:[^'\\]|\\.|'')*'", "''", text)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_text_is_what_was_read(definition, dialect):
    """Nobody runs a warehouse to test us: that its text means what it should was seen by a person, and must stay so."""
    file, text = HERE / "golden" / f"{dialect}.sql", text_of(definition, dialect)
    if "UPDATE" in os.environ:
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("as_of", [AS_OF, "clock"], ids=["constant", "clock"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_dialect_reads_its_text(definition, dialect, as_of):
    """A text that its own dialect stumbles over helps nobody, whatever it means."""
    [query] = sqlglot.parse(text_of(definition, dialect, as_of), dialect)

    assert isinstance(query, exp.Select)
    assert not list(query.find_all(exp.Command))


@pytest.mark.parametrize("as_of", [AS_OF, "clock"], ids=["constant", "clock"])
@pytest.mark.parametrize("dialect", THOUGHT_OVER)
def test_no_function_is_used_that_nobody_thought_over(definition, dialect, as_of):
    """Functions are called alike and mean otherwise; so each is read about before it is used."""
    code = code_of(text_of(definition, dialect, as_of))
    names = set(re.findall(r"\b([A-Z][A-Z_0-9]*)\(", code))
    types = {"DECIMAL", "NUMERIC", "IN", "AND", "OR", "NOT", "WHEN", "THEN", "FROM", "AS", "OVER"}

    assert names - types - {*SHARED, *THOUGHT_OVER[dialect].split()} == set()


@pytest.mark.parametrize("as_of", [AS_OF, "clock"], ids=["constant", "clock"])
@pytest.mark.parametrize(("dialect", "pattern", "wrong", "source"), WRONG)
def test_nothing_is_used_that_means_something_else_there(definition, dialect, pattern, wrong, source, as_of):
    """Each of these gave, or would give, another answer without a word."""
    found = re.search(pattern, text_of(definition, dialect, as_of))

    assert found is None, f"{dialect}: '{found and found[0]}' {wrong} ({source})"


@pytest.mark.parametrize("as_of", [AS_OF, "clock"], ids=["constant", "clock"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_name_is_found_and_fits(definition, dialect, as_of):
    """A name that is cut off, or written in two ways, is found by nobody or is somebody else's."""
    query = sqlglot.parse_one(text_of(definition, dialect, as_of), dialect)
    longest = DIALECTS[dialect].longest

    columns: dict[str, set[str]] = {}
    for layer in query.ctes:
        before = [table.name for table in layer.this.find_all(exp.Table)]
        stars = [name for each in layer.this.selects if each.is_star
                 for name in ([each.table] if isinstance(each, exp.Column) else before)]  # fmt: skip
        named = [each.alias_or_name for each in layer.this.selects if not each.is_star]
        inherited = set().union(*(columns[name] for name in stars))
        assert len(set(named)) == len(named)
        assert not inherited & set(named), layer.alias
        columns[layer.alias] = inherited | set(named)
    for select in [each.this for each in query.ctes] + [query]:
        known = [columns[table.name] for table in select.find_all(exp.Table) if table.name in columns]
        if len(known) == len(list(select.find_all(exp.Table))):
            inner = {each.alias for each in select.find_all(exp.Alias, exp.TableAlias)} | {"each", "kept"}
            asked = {each.name for each in select.find_all(exp.Column) if not each.is_star}
            assert asked - inner <= set().union(*known)
    for name in set().union(*columns.values()):
        assert longest is None or len(name.encode()) <= longest
        assert dialect != "bigquery" or re.fullmatch(r"\w+", name, re.ASCII)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_character_is_written_that_nobody_sees(definition, dialect):
    """A text is copied by hand, through chats and editors: a control character is lost on the way, or breaks the line."""
    text = text_of(definition, dialect)

    assert not re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000]", text)


def test_a_name_that_a_dialect_would_cut_off_is_refused():
    """PostgreSQL takes the first 63 letters without a word, and two columns may then be one."""
    stage = "s" * 60
    definition = qualify.define(
        name="Long",
        teams={"sales": "Sales"},
        traits={"big": {"team": "sales", "why": "Room.", "when": "employees > 50"}},
        stages={stage: {"requires": {"sales": "big"}}},
    )

    assert f"{stage}_sales" in definition.to_sql("snowflake").lower()
    with pytest.raises(CannotSay, match="63 bytes"):
        definition.to_sql("postgres")


def test_a_table_that_is_called_as_a_layer_stays_the_table():
    """A layer hides a table of its name from what follows."""
    definition = qualify.define(
        name="Named alike",
        teams={"sales": "Sales"},
        stages={"sql": {"requires": {"sales": "active"}}},
        traits={"active": {"team": "sales", "why": "Uses it.", "when": "count(login within 7 days) > 1"}},
    )
    text = definition.to_sql("duckdb", table="happened", activities="fields", as_of=AS_OF)

    assert 'WITH "fields_2" AS' in text
    assert "FROM fields\n" in text
