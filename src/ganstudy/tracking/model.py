"""The generator of a cell's best run, as MLflow's users load it."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    # It imports PyTorch, which a store that has everything needs no one to wait for.
    from ganstudy.results.sampler import Sampler


def save_model(sampler: "Sampler", id_: str, folder: Path) -> None:
    """Write `folder`/model as MLflow loads it: `predict(n)` or `predict(noise)` gives samples.

    A conditional one also takes `params={"label": 3}`. The signature says nothing of the input: MLflow would
    then refuse either the number or the noise.
    """
    from mlflow import pyfunc
    from mlflow.models import Model as Description
    from mlflow.models import ModelSignature
    from mlflow.types.schema import ParamSchema, ParamSpec, Schema, TensorSpec

    sampler.save(folder / "sampler")
    example = sampler.draw_noise(3)
    shape: Sequence[int] = sampler(example, sampler.draw_labels(3)).shape[1:]
    asked = [ParamSpec("label", "long", None)] if sampler.classes else []
    pyfunc.save_model(
        folder / "model",
        loader_module="ganstudy.results.sampler",
        data_path=str(folder / "sampler"),
        signature=ModelSignature(
            outputs=Schema([TensorSpec(np.dtype(np.float32), (-1, *shape))]),
            params=ParamSchema([ParamSpec("seed", "long", 0), *asked]),
        ),
        input_example=example,
        pip_requirements=[f"ganstudy=={version('ganstudy')}"],
        mlflow_model=Description(model_id=id_),
    )
