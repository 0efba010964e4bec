"""The mapping that stands beside an adapter's code, in its `mapping.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qualify.mapping import Conversion
    from qualify.mapping import Mapping as LeadMapping


class OwnMapping:
    """What an adapter of records has without any client: its mapping, read when it is first asked for."""

    name: str
    conversions: Mapping[str, Conversion] = MappingProxyType({})
    """Conversions that this mapping's `as` may name, beside everybody's."""

    @cached_property
    def mapping_text(self) -> str:
        """The mapping of this source's records, as TOML."""
        from importlib.resources import files

        return (files(type(self).__module__) / "mapping.toml").read_text(encoding="utf-8")

    @cached_property
    def mapping(self) -> LeadMapping:
        """The same as a mapping: needs neither a client nor an account."""
        from qualify.mapping import loads_mapping

        return loads_mapping(self.mapping_text, file=f"{self.name}/mapping.toml", conversions=self.conversions)


__all__ = ["OwnMapping"]
