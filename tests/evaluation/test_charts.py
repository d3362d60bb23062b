"""Charts are drawings and nothing else: no style, no script, no address."""

import re
import sys
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import fromstring as parsed

import pytest

from bot.evaluation.charts import MOST_POINTS, calibration_chart, risk_chart
from bot.evaluation.metrics import Bin

SVG = "{http://www.w3.org/2000/svg}"
BINS = [Bin(100, 0.05, 0.0), Bin(25, 0.5, 0.5), Bin(4, 0.95, 1.0)]


def drawing(chart: str) -> Element:
    return parsed(chart)  # noqa: S314 -- our own drawing


def dots(chart: Element) -> list[tuple[float, float, float]]:
    return [
        (float(dot.attrib["cx"]), float(dot.attrib["cy"]), float(dot.attrib["r"])) for dot in chart.iter(f"{SVG}circle")
    ]


def test_a_dot_for_each_bin_with_its_count() -> None:
    chart = drawing(calibration_chart(BINS))
    found = dots(chart)
    assert [x for x, _, _ in found] == sorted(x for x, _, _ in found)
    assert [y for _, y, _ in found] == sorted((y for _, y, _ in found), reverse=True)  # up is less
    assert [r for _, _, r in found] == sorted((r for _, _, r in found), reverse=True)
    assert {"100", "25", "4"} <= {text.text for text in chart.iter(f"{SVG}text")}


def test_the_present_threshold_is_a_dot_on_the_curve() -> None:
    curve = [(0.25, 0.0), (0.5, 0.25), (1.0, 0.5)]
    chart = drawing(risk_chart(curve, (0.5, 0.25)))
    ((x, y, _),) = dots(chart)
    line = next(path.attrib["d"] for path in chart.iter(f"{SVG}path") if "line reactive" in path.get("class", ""))
    points = [float(number) for number in re.findall(r"[\d.]+", line)]
    assert (x, y) == pytest.approx(tuple(points[2:4]), abs=0.01)


def test_nothing_answered_leaves_no_dot() -> None:
    assert dots(drawing(risk_chart([(1.0, 0.5)], None))) == []


def test_a_long_curve_keeps_its_ends_and_loses_what_cannot_be_seen() -> None:
    curve = [(n / 5000, n / 10_000) for n in range(1, 5001)]
    lines = [path.attrib["d"] for path in drawing(risk_chart(curve, None)).iter(f"{SVG}path")]
    assert max(line.count(" ") for line in lines) <= 2 * MOST_POINTS  # two numbers a point
    few = drawing(risk_chart([curve[0], curve[-1]], None))
    for drawn in few.iter(f"{SVG}path"):
        if "line reactive" in drawn.get("class", ""):
            first, last = drawn.attrib["d"].split(" L")
            assert any(line.startswith(first) and line.endswith(last) for line in lines)


@pytest.mark.parametrize("chart", [calibration_chart(BINS), risk_chart([(0.5, 0.5), (1.0, 0.75)], (0.5, 0.5))])
def test_a_chart_brings_nothing_with_it_but_a_name(chart: str) -> None:
    root = drawing(chart)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg",
        "title",
        "g",
        "rect",
        "path",
        "text",
        "circle",
    }
    assert (root.attrib["role"], root[0].tag) == ("img", f"{SVG}title")
    assert "<!--" not in chart
    assert chart.replace('xmlns="http://www.w3.org/2000/svg"', "").count("http") == 0


def test_the_library_leaves_no_hook_on_imports() -> None:
    assert [finder for finder in sys.meta_path if type(finder).__module__.startswith("pygal")] == []
