"""How often files are damaged at random: with `GANSTUDY_FUZZ=100` the tests of damaged files take an hour."""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("GANSTUDY_FUZZ", "1"))


def damaged(examples: int) -> settings:
    """So many examples, times GANSTUDY_FUZZ, other ones each time if it is given."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
