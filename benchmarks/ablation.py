"""What makes the `gaussian` recipe match: one thing changed at a time, on seeds that the study leaves alone.

    python benchmarks/ablation.py

Some minutes. Prints the README's table: medians and worst of eight seeds, judged as the study's runs are.
"""

import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from ganstudy.core.files import read_json, read_yaml
from ganstudy.evaluation.judgement import thresholds
from ganstudy.execution.cell import run
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.results import paths
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import FILE, parse
from ganstudy.training.shard import train_shard

SEEDS = list(range(1000, 1008))
VARIANT = "gaussian"
JUDGED = ("wasserstein", "std", "kurtosis", "mean")
CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "as it is": ("mse", {}),
    "noise: 1 number (8)": ("mse", {"noise.size": 1}),
    "noise: 2": ("mse", {"noise.size": 2}),
    "noise: 4": ("mse", {"noise.size": 4}),
    "noise: 24": ("mse", {"noise.size": 24}),
    "noise: 8, generator without hidden layers": ("mse", {"generator.hidden": []}),
    "noise: 24, generator without hidden layers": ("mse", {"noise.size": 24, "generator.hidden": []}),
    "half as wide (32)": ("mse", {"generator.hidden": [16, 16], "discriminator.hidden": [16, 16]}),
    "twice as wide": ("mse", {"generator.hidden": [64, 64], "discriminator.hidden": [64, 64]}),
    "batch 128 (256)": ("mse", {"batch": 128}),
    "batch 512": ("mse", {"batch": 512}),
    "no averaging (0.999)": ("mse", {"generator.average": 0.0}),
    "average 0.99": ("mse", {"generator.average": 0.99}),
    "gradient penalty: r3gan, 0.01": ("r3gan", {"penalty": 0.01}),
    "r3gan, 0.1": ("r3gan", {}),
    "r3gan, 1": ("r3gan", {"penalty": 1.0}),
    "wgan_gp, 0.1": ("wgan_gp", {}),
}


def changed(study: Any, loss: str, change: dict[str, Any]) -> Any:
    """The study with that variant and loss alone, and the change made."""
    variant, entry = deepcopy(study["variants"][VARIANT]), dict(study["losses"][loss] or {})
    for place, value in change.items():
        *way, last = place.split(".")
        block = entry if place == "penalty" else variant
        for key in way:
            block = block[key]
        block[last] = value
    tolerances = {"gaussian": study["evaluation"]["tolerances"]["gaussian"]}
    return {
        "study": {"name": "ablation", "seeds": SEEDS},
        "variants": {VARIANT: variant},
        "losses": {loss: entry},
        "evaluation": {"tolerances": tolerances},
    }


def rows() -> Iterator[str]:
    """A line of the table for each change."""
    study = read_yaml(FILE.read_text(encoding="utf-8"), str(FILE))
    floors = read_json(paths.floors(VARIANT))["metrics"]
    for name, (loss, change) in CHANGES.items():
        params = parse(changed(study, loss, change))
        cell, source = params.cell(VARIANT, loss), make_source(params.variants[VARIANT].source)
        prepared = Prepared.of(source)
        begun = time.perf_counter()
        runs, truth = run(train_shard, cell, SEEDS, prepared), Truth.of(source, prepared)
        taken = time.perf_counter() - begun
        judged = thresholds(params.evaluation.tolerance(params.variants[cell.variant]), floors)
        found = {
            metric: [
                SAMPLE_METRICS[metric]
                .measure(Generated(samples, truth))
                .with_error_bound(judged[metric]["target"], metric)
                for samples in runs.samples
            ]
            for metric in JUDGED
        }
        matched = sum(
            all(found[metric][i][f"{metric}_error_bound"] <= judged[metric]["tolerance"] for metric in JUDGED)
            for i in range(len(SEEDS))
        )
        errors = {metric: [one[f"{metric}_error"] for one in found[metric]] for metric in JUDGED}
        numbers = " | ".join(f"{np.median(errors[f]):.3f} / {np.max(errors[f]):.3f}" for f in JUDGED[:3])
        yield f"| {name} | {numbers} | {matched} | {taken:.0f} |"


def main() -> None:
    """Print the table as it grows."""
    assert Path(FILE).is_file(), "run this in the study's folder"
    print("| `mse` unless said | W1 | std error | kurtosis error | matched of 8 | s |")
    print("|---|--:|--:|--:|--:|--:|")
    for row in rows():
        print(row, flush=True)


if __name__ == "__main__":
    main()
