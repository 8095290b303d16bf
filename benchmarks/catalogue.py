"""Cells of ready studies, run once: their numbers beside the published ones that docs/evaluation.md quotes.

    python benchmarks/catalogue.py [ring …]

Minutes each. Modes, share of high quality and reverse KL of 2,500 samples; or, where the source has no modes,
losses, moments and what a fresh discriminator says of every seed.
"""

import sys

import numpy as np

from ganstudy.cli.new_study.ready import STUDIES
from ganstudy.evaluation.two_sample import two_sample_metrics
from ganstudy.execution.cell import run
from ganstudy.metrics.generated import Generated
from ganstudy.metrics.reference import Truth
from ganstudy.metrics.registry import SAMPLE_METRICS
from ganstudy.sources.prepared import Prepared
from ganstudy.sources.registry import make_source
from ganstudy.study.loading import load
from ganstudy.training.shard import train_shard

TRIED = {
    "ring": ("mode-collapse", ["r3gan"]),
    "grid": ("mode-collapse", ["non_saturating", "r3gan"]),
    "grid_packed": ("mode-collapse", ["non_saturating", "r3gan"]),
    "gaussian_moments": ("gaussian-forms", ["non_saturating"]),
}
"""Each variant's study, and the losses that it is tried with."""
OF_MODES = ("modes_missing", "high_quality", "reverse_kl")
LATE = 0.9


def tried(study: str, variant: str, loss: str) -> list[str]:
    """Train the cell; lines to print."""
    params = load(STUDIES / f"{study}.yaml")
    cell, source = params.cell(variant, loss), make_source(params.variants[variant].source)
    prepared = Prepared.of(source)
    runs, truth = run(train_shard, cell, params.seeds, prepared), Truth.of(source, prepared)
    if truth.modes:
        generated = [Generated(samples, truth) for samples in runs.samples]
        values = {name: [SAMPLE_METRICS[name].measure(made).value for made in generated] for name in OF_MODES}
        return [
            f"{variant} {loss}: "
            + ", ".join(f"{name} {np.mean(x):.4g} ± {standard_error(x):.2g}" for name, x in values.items())
        ]
    fresh = two_sample_metrics(params.evaluation.two_sample_test, params.seeds, runs.samples, truth)
    late = runs.history[runs.history["step"] > LATE * cell.recipe.steps].groupby("seed").mean()
    return [
        f"{variant} {loss}, seed {seed}: D {late['discriminator_real'][seed]:.3f} + "
        f"{late['discriminator_fake'][seed]:.3f}, G {late['generator'][seed]:.3f}, "
        f"mean {samples.mean():.3f}, std {samples.std():.3f}; fresh D {found['c2st_accuracy']:.3f}, "
        f"JS bound {found['jensen_shannon']:.3f}"
        for seed, samples, found in zip(runs.seeds, runs.samples, fresh, strict=True)
    ]


def standard_error(values: list[float]) -> float:
    """Of a mean over seeds."""
    return float(np.std(values, ddof=1) / len(values) ** 0.5)


def main() -> None:
    """Print a line for each cell, or each of its seeds, as it is done."""
    for variant in sys.argv[1:] or TRIED:
        study, losses = TRIED[variant]
        for loss in losses:
            print("\n".join(tried(study, variant, loss)), flush=True)


if __name__ == "__main__":
    main()
