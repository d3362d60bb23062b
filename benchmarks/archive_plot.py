"""The plot of the archive's benchmark: the time of a question by the number of passages, both on a scale of powers."""

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

WIDTH, HEIGHT = 800, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 46, 56
APART = 17  # units between two names, at least
# Of Paul Tol, "Colour Schemes" (2021): told apart by the colour-blind, and seen on white and on black.
COLOURS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#999933", "#88a0b0", "#cc7733")
OWN = "onrecord"
STYLE = """
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #59636e }
.title, .name { fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.own { font-weight: 700 }
.grid { stroke: #8b949e; stroke-opacity: .3; stroke-width: 1 }
.paper { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 } .title, .name { fill: #f0f6fc } .paper { fill: #0d1117 }
}
"""


def drawn(curves: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """An SVG with a line for each engine, from its (passages, milliseconds); none of them may be empty."""
    points = [point for curve in curves.values() for point in curve]
    least, most = min(n for n, _ in points), max(n for n, _ in points)
    low, high = floor(log10(min(ms for _, ms in points))), ceil(log10(max(ms for _, ms in points)))
    span = log10(most / least) or 1.0

    def across(passages: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(passages / least) / span

    def up(milliseconds: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (log10(milliseconds) - low) / ((high - low) or 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
        "<title>Time of a question by the number of passages</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text class="title" x="{LEFT}" y="28">A question, milliseconds (median)</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">passages in the archive</text>',
    ]
    for power in range(low, high + 1):
        y = up(10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{10**power:,g}</text>')
    for passages in _ticks({n for n, _ in points}):
        x = across(passages)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{round(passages, -3):,}</text>'
        )
    places = _names_at({name: up(curve[-1][1]) for name, curve in curves.items()})
    for (name, curve), colour in zip(curves.items(), COLOURS, strict=False):
        own = name.startswith(OWN)
        path = " ".join(f"{across(n):.1f},{up(ms):.1f}" for n, ms in curve)
        thick = 3.5 if own else 1.8
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"/>')
        parts += [
            f'<circle cx="{across(n):.1f}" cy="{up(ms):.1f}" r="{thick + 1}" fill="{colour}"/>' for n, ms in curve
        ]
        end_x, end_y, name_y = across(curve[-1][0]), up(curve[-1][1]), places[name]
        name_x = WIDTH - RIGHT + 26
        parts.append(
            f'<polyline points="{end_x:.1f},{end_y:.1f} {name_x - 14},{name_y:.1f} {name_x - 4},{name_y:.1f}" fill="none" '
            f'stroke="{colour}" stroke-width="1.5" stroke-dasharray="2 2"/>'
        )
        parts.append(
            f'<text class="name{" own" if own else ""}" x="{name_x}" y="{name_y + 4:.1f}">'
            f"{name} {_figure(curve[-1][1])}</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


def _ticks(numbers: set[int]) -> list[int]:
    """The numbers of passages without those that are as good as the same: engines count a few more or less."""
    ticks: list[int] = []
    for number in sorted(numbers):
        if not ticks or number > 1.2 * ticks[-1]:
            ticks.append(number)
    return ticks


def _names_at(wanted: Mapping[str, float]) -> dict[str, float]:
    """Where each name stands, as near to its line as it can without touching another name, and inside the drawing."""
    placed: dict[str, float] = {}
    lowest = float("-inf")
    for name, y in sorted(wanted.items(), key=lambda item: item[1]):
        lowest = placed[name] = max(y, lowest + APART)
    beyond = max(0.0, lowest - (HEIGHT - BOTTOM))
    upper = float("inf")
    for name in reversed(placed):
        if beyond:
            placed[name] = min(placed[name], upper - APART, HEIGHT - BOTTOM)
            upper = placed[name]
    return placed


def _figure(milliseconds: float) -> str:
    """Three figures, as one reads them."""
    return f"{milliseconds:,.0f}" if milliseconds >= 100 else f"{milliseconds:.3g}"
