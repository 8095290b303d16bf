"""When two trainings count as the same."""

import numpy as np
import pandas as pd

from ganstudy.training.runs import Runs


def assert_same_bits(one: Runs, two: Runs) -> None:
    assert one.seeds == two.seeds
    assert (one.evolution_steps, one.loss, one.update) == (two.evolution_steps, two.loss, two.update)
    pd.testing.assert_frame_equal(one.history, two.history, check_exact=True)
    for name in ("samples", "evolution", "logits_real", "logits_fake"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    for of_one, of_two in ((one.weights, two.weights), (one.pretest or {}, two.pretest or {})):
        assert of_one.keys() == of_two.keys()
        for name, value in of_one.items():
            np.testing.assert_array_equal(value, of_two[name])
