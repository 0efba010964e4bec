"""What must hold of the definition itself; its stories stand beside it, and are tests of their own."""

from print_shop_forms import DEFINITION

from qualify.testing import invariants


def test_the_definition_keeps_every_law(as_of):
    """Whoever changes the definition, or our version of the library, hears of it here."""
    invariants.hold(DEFINITION, as_of=as_of, max_examples=30)
