"""From one source's records to leads, and back: data, not code. Start with `load_mapping`."""

from qualify.mapping.conversions import Conversion, Ways
from qualify.mapping.loading import identity_mapping, load_mapping, loads_mapping
from qualify.mapping.mapping import Mapping
from qualify.mapping.table import ActivityMap, FieldMap, Lifecycle, SameMap, Target, WriteMap

__all__ = [
    "ActivityMap",
    "Conversion",
    "FieldMap",
    "Lifecycle",
    "Mapping",
    "SameMap",
    "Target",
    "Ways",
    "WriteMap",
    "identity_mapping",
    "load_mapping",
    "loads_mapping",
]
