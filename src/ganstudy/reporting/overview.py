"""The whole study in one picture."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, PercentFormatter

from ganstudy.core.text import interval, listed, number
from ganstudy.reporting.floors import Span, floors_axis, in_floors, reach
from ganstudy.reporting.panels import fitting, panels
from ganstudy.reporting.picture import Drawing
from ganstudy.reporting.style import FAINT, INK
from ganstudy.reporting.subject import Subject

VARIANTS_ACROSS = 5
CAPTION = (
    "A column for each variant. Above: the share of seeds whose run matched the data, with its 95 % Wilson "
    "interval and the count. Below: how far the samples are from the data, in floors, with its 95 % "
    "bootstrap interval; a perfect sampler stays below 1 (dotted). Intervals that overlap show no difference."
)


def draw_overview(subjects: Sequence[Subject]) -> Drawing:
    """Every cell's success rate and distance, variants side by side."""
    losses = subjects[0].losses
    bands = -(-len(subjects) // VARIANTS_ACROSS)
    columns = -(-len(subjects) // bands)
    figure, axes = panels(
        2 * bands,
        [""] * columns,
        pitch=1.84 if columns > 3 else 2.6,
        height=0.2 * len(losses) + 0.15,
        across=0.5,
        down=0.62 if bands == 1 else 0.75,
        share_x="none",
        left=0.25 + 0.07 * max(map(len, losses)),
    )
    limits = reach([span for subject in subjects for span in distances(subject)])
    for ax in axes.flat:
        ax.set_visible(False)
    for i, subject in enumerate(subjects):
        band, column = divmod(i, columns)
        above, below = axes[2 * band : 2 * band + 2, column]
        above.set_title(subject.name, fontsize=fitting(subject.name, 1.6))
        draw_shares(above, subject)
        draw_distances(below, subject, limits)
        for ax in (above, below):
            ax.set_visible(True)
            ax.grid(axis="x", color=FAINT, alpha=0.25, linewidth=0.6)
            ax.set_ylim(len(losses) - 0.5, -0.5)
            ax.set_yticks(range(len(losses)), losses)
    return Drawing(
        figure,
        "Share of seeds that matched, and the samples' distance from the data in floors. "
        + " ".join(map(sentence, subjects)),
    )


def draw_shares(ax: Axes, subject: Subject) -> None:
    """Each loss's share of matched runs, with its interval."""
    for y, result in enumerate(subject.cells):
        summary = result.summary
        span = (summary["success_rate_low"], summary["success_rate"], summary["success_rate_high"])
        draw_span(ax, y, span, subject.colours[result.cell.loss])
        ax.text(1.06, y, f"{summary['matched']}/{summary['runs']}", va="center", fontsize=7, color=INK)
    ax.set_xlim(-0.02, 1.02)
    ax.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("seeds that matched")


def draw_distances(ax: Axes, subject: Subject, limits: tuple[float, float]) -> None:
    """Each loss's distance from the data in floors, with its interval and every seed."""
    for y, (result, span) in enumerate(zip(subject.cells, distances(subject), strict=True)):
        if span is None:
            ax.text(limits[1], y, "no numbers ", ha="right", va="center", fontsize=7, color=FAINT)
        else:
            draw_span(ax, y, span, subject.colours[result.cell.loss])
    floors_axis(ax, limits)
    ax.set_xlabel("distance, in floors")


def draw_span(ax: Axes, y: float, span: Span, colour: str) -> None:
    """A value in its interval."""
    low, value, high = span
    ax.plot([low, high], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
    ax.plot(value, y, "o", color=colour, markersize=4.5, clip_on=False)


def distances(subject: Subject) -> list[Span | None]:
    """Of each loss; None where no run ended with numbers."""
    return [in_floors(subject, result) for result in subject.cells]


def sentence(subject: Subject) -> str:
    """The variant's shares and distances in words."""
    shares = listed(
        f"{result.cell.loss} {result.summary['matched']} of {result.summary['runs']} "
        f"({interval(result.summary['success_rate_low'], result.summary['success_rate_high'])}), "
        + ("no numbers" if span is None else f"{number(span[1], 2)} floors")
        for result, span in zip(subject.cells, distances(subject), strict=True)
    )
    return f"{subject.name}: {shares}."
