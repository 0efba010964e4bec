"""How hard Hypothesis searches: `HYPOTHESIS_PROFILE=quick|standard|nightly`, else standard."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=20, deadline=None)
settings.register_profile("standard", max_examples=50, deadline=None)
settings.register_profile("long", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("nightly", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "standard"))
