"""The generator's input."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ganstudy.core.settings import Count, Setting
from ganstudy.core.text import counted, exact


class Noise(Setting):
    """The generator's input: `size` numbers, each U(0, 1), N(0, 1) or the constant `value`."""

    name: Literal["uniform", "normal", "constant"]
    """Its distribution."""
    size: Count = 1
    """Numbers a sample."""
    value: float = 0.5
    """Of each, where it is constant."""

    @property
    def is_constant(self) -> bool:
        """Whether the generator makes a single point."""
        return self.name == "constant"

    def draw(self, rng: np.random.Generator, n: int) -> NDArray[np.float32]:
        """`n` inputs, `[n, size]`."""
        shape = (n, self.size)
        match self.name:
            case "uniform":
                return rng.random(shape, dtype=np.float32)
            case "normal":
                return rng.standard_normal(shape, np.float32)
            case _:
                return np.full(shape, self.value, np.float32)

    def __str__(self) -> str:
        numbers = counted(self.size, "number")
        match self.name:
            case "uniform":
                return f"{numbers} from U(0, 1)"
            case "normal":
                return f"{numbers} from N(0, 1)"
            case _:
                return f"{numbers}, always {exact(self.value)}"
