"""Charts as SVG, to stand inside a page: pygal draws, the style sheet of the page colours."""

from collections.abc import Sequence
from math import sqrt
from typing import Any

from bot.desk.drawing import bare, drawing_library
from bot.evaluation.metrics import Bin

WIDTH, HEIGHT = 340, 300  # units of the drawing, which are pixels where the page leaves it room
MOST_POINTS = 150  # of a curve: more cannot be seen
SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1]


def calibration_chart(bins: Sequence[Bin]) -> str:
    """A reliability diagram: how sure the replies were, and how many of them were right, beside the diagonal.

    A dot's area, and the number at it, is how many replies it stands for (DeGroot and Fienberg, "The Comparison and
    Evaluation of Forecasters", 1983).
    """
    most = max(one.count for one in bins)
    dots = [
        {
            "value": (one.confidence, one.right),
            "label": f"{one.count:,}",
            "node": {"r": round(3 + 8 * sqrt(one.count / most), 1)},
        }
        for one in bins
    ]
    chart = _chart("how sure it was", "how often it was right", "Sureness against truth")
    chart.add("as sure as right", [(0, 0), (1, 1)], show_dots=False)
    chart.add("replies", dots)
    return str(chart.render())


def risk_chart(curve: Sequence[tuple[float, float]], now: tuple[float, float] | None) -> str:
    """The share wrong of the answers given, by the share of the questions answered, from threshold to threshold.

    `now` is the point of the present threshold, None where nothing is answered.
    """
    step = -(-len(curve) // MOST_POINTS)
    points = [*curve[:-1:step], *curve[-1:]]
    chart = _chart("share of the questions answered", "wrong among the answers", "Risk by coverage")
    chart.add("risk", points, show_dots=False)
    if now:
        chart.add("threshold", [(now[0], 0), now], show_dots=False)
        chart.add("now", [{"value": now, "node": {"r": 6}}])
    return str(chart.render())


def _chart(across: str, up: str, title: str) -> Any:
    """An empty chart of shares."""
    pygal = drawing_library()
    chart = pygal.XY(
        js=(),
        style=pygal.style.Style(title_font_size=12, label_font_size=11, major_label_font_size=11, value_font_size=11),
        disable_xml_declaration=True,
        classes=("chart",),
        width=WIDTH,
        height=HEIGHT,
        margin=2,
        margin_right=20,
        margin_top=10,
        show_legend=False,
        range=(0, 1),
        xrange=(0, 1),
        x_labels=SHARES,
        y_labels=SHARES,
        x_title=across,
        y_title=up,
        x_value_formatter=_percent,
        value_formatter=_percent,
        print_labels=True,
        strict=True,
    )
    chart.add_xml_filter(lambda root: bare(root, title))
    return chart


def _percent(share: float) -> str:
    return f"{share:.0%}"
