"""Charts as SVG, to stand inside a page: pygal draws, the style sheet of the page colours."""

import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from xml.etree.ElementTree import Comment, Element

from bot.desk.figures import Count

WIDE, NARROW = (900, 270), (340, 230)  # units of a drawing, which are pixels where the page leaves it room
UNWANTED = ("defs", "desc", "title", Comment)
_LABEL_WIDTH = 62  # units that a date takes
_MOST_LINES = 4


@cache
def drawing_library() -> Any:
    """Pygal, without what it leaves behind when it is imported."""
    import pygal

    # It hooks into every import, for its maps, in a form that Python 3.11 warns of and later ones pass over.
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]
    pygal.etree.etree.to_etree()  # whether or not lxml is there: `bare` knows one kind of element
    return pygal


def bare(root: Element, title: str) -> Element:
    """The drawing without pygal's own colours, scripts and tooltips, and with a name for those who cannot see it."""
    del root.attrib["id"]
    root.set("role", "img")
    for parent in [*root.iter()]:
        for child in [*parent]:
            if child.tag in UNWANTED or child.get("class") == "plot tooltip-overlay":
                parent.remove(child)
    name = Element("title")
    name.text = title
    root.insert(0, name)
    return root


def chart_over_time(counts: Sequence[Count], title: str, size: tuple[int, int] = WIDE) -> str:
    """A bar for each count: the questions that were answered, and on top of them those that were not."""
    pygal = drawing_library()
    width, height = size
    step = -(-len(counts) * _LABEL_WIDTH // (width - 40))
    labels = [short_date(one.start) for one in counts]
    most = max(one.answered + one.unanswered for one in counts)
    chart = pygal.StackedBar(
        js=(),
        disable_xml_declaration=True,
        classes=("chart",),
        width=width,
        height=height,
        margin=2,
        margin_top=10,
        show_legend=False,
        truncate_label=-1,
        spacing=6,
        x_labels=labels,
        # From the last on, which is now. Two that are the same word cannot be: a period is shorter than a year of days.
        x_labels_major=labels[::-1][::step],
        show_minor_x_labels=False,
        y_labels=_lines(most),
        range=(0, _lines(most)[-1]),
        value_formatter=lambda value: f"{value:,.0f}",
        style=pygal.style.Style(label_font_size=11, major_label_font_size=11),
        strict=True,
    )
    chart.add("answered", [one.answered for one in counts])
    chart.add("unanswered", [one.unanswered for one in counts])
    chart.add_xml_filter(lambda root: bare(root, title))
    return str(chart.render())


def short_date(day: date) -> str:
    """A day without its year, such as `22 April`, as `22 Apr`."""
    return f"{day.day} {day:%b}"


def _lines(most: int) -> list[int]:
    """Where the lines across are: at whole numbers that are easy to count by, the last not under the most."""
    step = next(unit * 10**power for power in range(20) for unit in (1, 2, 5) if unit * 10**power * _MOST_LINES >= most)
    return [step * line for line in range(max(1, -(-most // step)) + 1)]
