"""Dates as press releases write them."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?"
    r"|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day|\.)?,?\s+)?"
_DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"

DATE = re.compile(
    rf"{_WEEKDAY}(?:(?P<iso>{_YEAR}[-/.][01]\d[-/.][0-3]\d)(?!\d)"
    rf"|(?P<month>{_MONTH})\s*(?P<day>{_DAY})\b(?:,?\s*(?P<year>{_YEAR})\b)?"
    rf"|(?P<day2>{_DAY})\s+(?P<month2>{_MONTH})\b\.?(?:,?\s*(?P<year2>{_YEAR})\b)?)",
    re.IGNORECASE,
)
"""A date in figures (2021-04-22) or in English words (April 22, 2021; Thursday, 22 Apr. 2021; Jan 5)."""


def date_of(match: re.Match[str]) -> date | None:
    """The date that `DATE` found; None where it has no year or is in no calendar."""
    if match["iso"]:
        year, month, day = (int(part) for part in re.split(r"\D", match["iso"]))
    else:
        written = match["year"] or match["year2"]
        if not written:
            return None
        month = 1 + _MONTHS.index((match["month"] or match["month2"])[:3].lower())
        year, day = int(written), int(re.sub(r"\D", "", match["day"] or match["day2"]))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_date(text: str) -> date | None:
    """The date that the text is, or begins with where a time follows (2021-04-22T10:00:00Z); else None."""
    match = DATE.match(text.strip())
    if match is None or not re.match(r"[\sT,;]|$", text.strip()[match.end() :]):
        return None
    return date_of(match)
