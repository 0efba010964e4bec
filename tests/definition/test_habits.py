"""What a newcomer calls things gets the word that is right here, and no second fault for the same slip."""

import pytest

from qualify.definition.habits import KEYS, OTHERWISE, STATUSES, TYPES, meant_key
from qualify.definition.keys import HANDOFF, SECTIONS, SIGNAL_POINTS
from qualify.vocabulary import FIELD_TYPES
from tests.definition.test_faults import FRAME, findings_of
from tests.definition.test_shape import codes, trait_text

SHAPES = [shape for _, shape in SECTIONS.values()] + [HANDOFF, SIGNAL_POINTS]


@pytest.mark.parametrize("word", KEYS)
def test_every_word_from_elsewhere_leads_to_a_key(word):
    """A proposal of what doesn't exist would be worse than none."""
    for key in KEYS[word]:
        assert any(key in shape and word not in shape for shape in SHAPES)


def test_a_key_that_stands_there_is_not_proposed_again():
    """Who gave a reason twice, under two names, is not told to give it twice under one."""
    assert meant_key("because", ("when", "why"), ("because", "when")) == "why"
    assert meant_key("because", ("when", "why"), ("because", "why")) is None


@pytest.mark.parametrize("word", TYPES)
def test_types_of_databases_lead_to_types(word):
    """`string` and `int` are what everybody writes first."""
    (fault,) = findings_of(f'{FRAME}[fields.x]\ntype = "{word}"\n')

    assert word not in FIELD_TYPES
    assert (fault.code, fault.did_you_mean) == ("unknown-type", TYPES[word])


@pytest.mark.parametrize("word", STATUSES)
def test_statuses_of_other_tools_lead_to_a_status(word):
    """A status that isn't known may not be taken for adopted."""
    (fault,) = findings_of(FRAME + trait_text("x", "customer", f'status = "{word}"'))

    assert (fault.code, fault.did_you_mean) == ("unknown-status", STATUSES[word])


@pytest.mark.parametrize("word", sorted(OTHERWISE - {"otherwise"}))
def test_otherwise_by_another_name_is_one_fault(word):
    """`else` is no field, and nobody needs to hear that it is none."""
    tier = f'[tiers.size]\nteam = "sales"\ncases.A = "customer"\ncases.B = "{word}"\n'

    assert codes(FRAME + tier) == ["no-otherwise"]


@pytest.mark.parametrize(
    ("section", "key"),
    [(section, key) for section, (_, shape) in SECTIONS.items() for key, each in shape.items() if each.required],
)
def test_a_misspelled_key_is_not_missed_too(section, key):
    """One slip of the finger, one fault."""
    name = "lost" if section == "outcomes" else "sales"
    said = [each.message for each in findings_of(f"{FRAME.replace('sales', 'sale')}[{section}.{name}]\n{key}z = 1\n")]

    assert [each for each in said if f"'{key}'" in each] == [f"unknown key '{key}z'; did you mean '{key}'?"]


def test_a_name_is_proposed_that_is_one():
    """People write titles first; the name is not far from them."""
    (fault,) = findings_of(FRAME + trait_text('"Right-size firm"', "customer"))

    assert (fault.code, fault.did_you_mean) == ("bad-name", "right_size_firm")


def test_who_uses_what_has_a_bad_name_has_no_fault_by_that():
    """Mended once, where it is declared, it is right everywhere."""
    tier = '[tiers.size]\nteam = "sales"\ncases."Very large" = "customer"\ncases.B = "otherwise"\n'
    uses = trait_text("a", "vip_firm and size is Very_large")

    assert codes(FRAME + trait_text('"VIP firm"', "customer") + tier + uses) == ["bad-name", "bad-name"]


def test_points_in_quotes_are_shown_without():
    """A spreadsheet's export quotes everything."""
    trait = trait_text("vip", "customer")
    (fault,) = findings_of(f'{FRAME}{trait}[scores.fit]\npoints.vip = "30"\n')

    assert (fault.message, fault.did_you_mean) == ("points are a number, without quotes: 30", "30")
    assert (fault.line, fault.column) == (len(FRAME.split("\n")) + trait.count("\n") + 1, 14)


@pytest.mark.parametrize("word", ["else", "default", "*"])
def test_otherwise_by_another_name_before_the_last_case_is_one_fault(word):
    """What stands for the rest is no field either where it stands too early."""
    tier = f'[tiers.size]\nteam = "sales"\ncases.A = "customer"\ncases.B = "{word}"\ncases.C = "otherwise"\n'
    (fault,) = findings_of(FRAME + tier)

    assert fault.code == "otherwise-not-last"
    assert f"\"{word}\" would be 'otherwise'" in fault.message


def test_a_name_with_a_hyphen_has_one_right_form_wherever_it_stands():
    """The declaration and the rule that reads it are mended in the same way."""
    uses = trait_text("a", "can-sign and customer")
    faults = findings_of(FRAME + trait_text("can-sign", "customer") + uses)

    assert [(each.code, each.did_you_mean) for each in faults] == [("bad-name", "can_sign")] * 2


def test_a_rule_in_double_quotes_is_told_which_quotes_go_where():
    """Mended inside only, the rule's own quotes would break the file."""
    (fault,) = findings_of(FRAME + '[traits.a]\nteam = "sales"\nwhy = "W."\nwhen = "industry == \'food\'"\n')

    assert fault.message.endswith('quotes: "food"; a rule that holds double quotes stands in single ones')


def test_a_date_in_another_form_is_shown_in_both_its_readings():
    """Nobody but its writer knows which month was meant."""
    text = '[approvals.sales]\ndigest = "{}"\nby = "Ada"\non = "01/06/2027"\n'.format("0" * 64)
    (fault,) = (each for each in findings_of(FRAME + text) if each.code == "wrong-type")

    assert "write 2027-06-01, or 2027-01-06 where the month came first" in fault.message
