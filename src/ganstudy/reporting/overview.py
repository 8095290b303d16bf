"""The whole study in one picture."""

from collections.abc import Sequence

from matplotlib.ticker import FixedLocator, PercentFormatter

from ganstudy.reporting.panels import fitting, panels
from ganstudy.reporting.picture import Drawing
from ganstudy.reporting.style import FAINT, INK
from ganstudy.reporting.subject import Subject
from ganstudy.reporting.words import interval
from ganstudy.words import listed

ACROSS = 5
CAPTION = (
    "The share of seeds whose run matched the data, with its 95 % Wilson interval and the count; a panel for "
    "each variant. Few seeds give wide intervals: what overlaps is not told apart."
)


def draw_overview(subjects: Sequence[Subject]) -> Drawing:
    """Success rate of every cell, variants side by side."""
    losses = subjects[0].losses
    columns = min(ACROSS, len(subjects))
    rows = -(-len(subjects) // columns)
    figure, axes = panels(
        rows,
        [""] * columns,
        pitch=1.84,
        height=0.2 * len(losses) + 0.15,
        across=0.5,
        down=0.6,
        share_x="none",
        left=0.25 + 0.07 * max(map(len, losses)),
    )
    for ax in axes.flat[len(subjects) :]:
        ax.set_visible(False)
    for i, (ax, subject) in enumerate(zip(axes.flat, subjects, strict=False)):
        ax.set_title(subject.name, fontsize=fitting(subject.name, 1.6))
        for y, result in enumerate(subject.cells):
            summary, colour = result.summary, subject.colours[result.cell.loss]
            low, high = summary["success_rate_low"], summary["success_rate_high"]
            ax.plot([low, high], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
            ax.plot(summary["success_rate"], y, "o", color=colour, markersize=4.5, clip_on=False)
            ax.text(1.06, y, f"{summary['matched']}/{summary['runs']}", va="center", fontsize=7, color=INK)
        ax.grid(axis="x", color=FAINT, alpha=0.25, linewidth=0.6)
        ax.set_xlim(-0.02, 1.02)
        ax.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        ax.xaxis.set_major_formatter(PercentFormatter(1))
        ax.set_ylim(len(losses) - 0.5, -0.5)
        ax.set_yticks(range(len(losses)), losses)
        if i + columns >= len(subjects):
            ax.set_xlabel("seeds that matched")
    return Drawing(figure, f"Share of seeds that matched. {' '.join(map(sentence, subjects))}")


def sentence(subject: Subject) -> str:
    """The variant's shares in words."""
    shares = listed(
        f"{result.cell.loss} {result.summary['matched']} of {result.summary['runs']} "
        f"({interval(result.summary['success_rate_low'], result.summary['success_rate_high'])})"
        for result in subject.cells
    )
    return f"{subject.name}: {shares}."
