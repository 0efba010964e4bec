"""The backend of our forms."""

from print_shop_forms.routing import DEFINITION, Route, route

__all__ = ["DEFINITION", "Route", "route"]
