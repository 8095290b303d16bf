"""The report as a whole."""

import shutil
from dataclasses import replace

from ganstudy.core.colours import colours
from ganstudy.reporting.curve_table import write_curves
from ganstudy.reporting.gallery import draw_study, draw_variant
from ganstudy.reporting.page import html, make_context, markdown
from ganstudy.reporting.subject import Subject
from ganstudy.results import paths
from ganstudy.results.study_results import Results


def render(results: Results) -> None:
    """Write reports/curves, reports/figures, reports/index.html and reports/summary.md: same results, same
    bytes."""
    for folder in (paths.CURVES, paths.FIGURES):
        shutil.rmtree(folder, ignore_errors=True)
    params = results.params
    palette = colours(list(params.losses))
    subjects = [
        # Cells of their own: arrays once read stay with them, and are dropped with the variant.
        Subject(
            name,
            recipe,
            [replace(cell) for cell in results.of_variant(name)],
            palette,
            results.comparison["variants"][name],
        )
        for name, recipe in params.variants.items()
    ]
    overview = draw_study(subjects)
    pictures = {}
    while subjects:
        subject = subjects.pop(0)
        pictures[subject.name] = draw_variant(subject)
        write_curves(subject)
    context = make_context(results, overview, pictures)
    paths.PAGE.write_text(html(context), encoding="utf-8")
    paths.SUMMARY.write_text(markdown(context), encoding="utf-8")
