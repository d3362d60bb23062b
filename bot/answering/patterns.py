"""What dates, figures, sums, shares, times and reasons look like in English text."""

import re

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?)"
YEAR = r"(?:1\d{3}|20\d{2})"
_TO = r"\s*(?:to|and|through|until|[-–—])\s*"
_NUMERAL = r"(?:\d+(?:,\d{3})*(?:\.\d+)?(?:½|¼|¾)?)"
_NUMERALS = rf"(?:{_NUMERAL}(?:\s?[-–—]\s?{_NUMERAL})?)"
_ORDINAL = r"(?:\d{1,2}(?:st|nd|rd|th)|[a-z]+teenth|twentieth|tenth|ninth|twelfth|eleventh|twenty-first)"
# What is measured in figures that look like years.
_MEASURED = (
    r"(?:%|percent|per\s+cent|yuan|dollars|euros|pounds|people|square|feet|ft\b|m\b|km\b|kilomet|met(?:re|er)s|miles|acres"
    r"|hectares|tons|tonnes|members|students|jobs|employees|workers)"
)

DATE = re.compile(
    rf"""\b(?=\w)(?:
        {_MONTH}\s+{_DAY}(?:{_TO}(?:{_MONTH}\s+)?{_DAY})?(?:,?\s+{YEAR})?(?!\w)
      | {_DAY}(?:{_TO}{_DAY})?\s+(?:of\s+)?{_MONTH}(?:,?\s+{YEAR})?
      | {_MONTH},?\s+(?:of\s+)?{YEAR}(?:{_TO}(?:{_MONTH}\s+)?{YEAR})?
      | (?:(?:early|mid|late)[ -])?(?:the\s+)?(?:(?:early|mid|late)[ -])?{YEAR}s
      | \d{{4}}-\d\d-\d\d
      | (?:spring|summer|autumn|fall|winter|(?:first|second|third|fourth)\s+quarter)\s+(?:of\s+)?{YEAR}
      | (?:{_NUMERAL}|[a-z]+)\s+(?:(?:million|billion|thousand|hundred)\s+)?(?:years|months|weeks|days|decades|centuries)\s+ago\b
      | {_NUMERAL}\s?(?:BC|AD|BCE|CE|BP)\b
      | AD\s?\d{{1,4}}
      | {YEAR}(?:{_TO}(?:{YEAR}|\d\d))?(?![\d,.]*\d)(?!\s*{_MEASURED})
      | (?:(?:early|mid|late)[ -])?{_ORDINAL}(?:{_TO}{_ORDINAL})?[ -]centur(?:y|ies)
      | (?<=\bin\s)\d{{3}}(?!\d) | (?<=\bsince\s)\d{{3}}(?!\d)
      | (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day
      | (?:today|yesterday|tomorrow|(?:last|next|this)\s+(?:week|month|year|spring|summer|fall|autumn|winter))
      | (?:January|February|April|June|July|August|September|October|November|December)\b | (?<=\bin\s)(?:March|May)\b
      | \d{{1,2}}(?::\d\d)?\s?[ap]\.?m\b\.? | (?:noon|midnight)\b
    )""",
    re.VERBOSE,
)
_NUMBER_WORD = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|two-thirds|two|three-quarters|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|(?:a|one|several|few)\s+hundred|dozens?|hundreds|thousands|millions|half|one-third|one|a\s+third|a\s+quarter"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|hundred)fold)"
)
_SCALE = r"(?:hundred|thousand|million|billion|trillion|bn|mn|m|k)\b"
_ABOUT = r"(?:(?:more|less|fewer)\s+than|over|nearly|almost|about|around|approximately|at\s+least|up\s+to|some|roughly)"
_UNIT = (
    r"(?:square\s+\w+|sq\s+\w+|cubic\s+\w+|\w*met(?:er|re)s?|miles?|feet|foot|ft|inch(?:es)?|km|cm|mm|acres?|hectares?|tons?"
    r"|tonnes?|kg|pounds?|ounces?|lit(?:re|er)s?|degrees?|°\s?[CF]|mph|km/h|years?|months?|weeks?|days?|hours?|minutes?"
    r"|seconds?|times|people|percent|per\s+cent|yuan|dollars?|euros?|yen|rupees|francs)"
)
# Where a figure may begin, by its first letter: at most places of a text none does, and that is seen at once by this.
_BEGINS = r"\b(?=[\dadefhlmnorstu])"
_CURRENCY = r"(?:US|A|C|HK)?[$€£¥]"
FIGURE = re.compile(
    rf"(?:{_BEGINS}|(?=[−-]\d|{_CURRENCY}))(?:\b{_ABOUT}\s+)?(?:(?<!\S)[−-](?=\d))?(?:{_CURRENCY}\s?)?"
    rf"(?:(?<![A-Za-z][-–/])\b(?:\d{{1,2}}:\d\d|{_NUMERALS})(?:\s*%|(?:[-\s]?{_SCALE})?(?:\s+{_UNIT}\b)?)"
    rf"|\b{_NUMBER_WORD}\b(?:\s+{_SCALE})?(?:\s+{_UNIT}\b)?)",
    re.IGNORECASE,
)
MONEY = re.compile(
    rf"(?:{_BEGINS}|(?={_CURRENCY}))(?:\b{_ABOUT}\s+)?(?:{_CURRENCY}\s?{_NUMERALS}(?:[-\s]?{_SCALE})?"
    rf"|\b(?:{_NUMERALS}|{_NUMBER_WORD})(?:\s+{_SCALE})?\s+(?:yuan|(?:US\s+)?dollars?|euros?|pounds|yen|rupees|francs|RMB|USD"
    r"|cents)\b)",
    re.IGNORECASE,
)
PERCENT = re.compile(
    rf"{_BEGINS}(?:{_ABOUT}\s+)?\b(?:{_NUMERALS}|{_NUMBER_WORD})\s*(?:%|percent\b|per\s+cent\b)", re.IGNORECASE
)
DURATION = re.compile(
    rf"{_BEGINS}(?:{_ABOUT}\s+)?\b(?:{_NUMERALS}|{_NUMBER_WORD}|a|an)(?:\s+(?:and\s+a\s+half|more))?[-\s]"
    r"(?:year|month|week|day|hour|minute|second|decade|centur(?:y|ie)|season)s?\b",
    re.IGNORECASE,
)
_CAUSE = (
    r"(?:because(?:\s+of)?|due\s+to|in\s+order\s+to|so\s+that|owing\s+to|as\s+a\s+result\s+of|thanks\s+to"
    r"|(?:owes?|owed)\b.{1,20}\bto|benefit(?:s|ed)?\s+from|stems?\s+from|driven\s+by|caused\s+by|related\s+to)"
)
# What a sentence with a sum or a share holds somewhere: sooner looked for than the sum itself.
MONEY_SIGN = re.compile(r"[$€£¥]|\s(?i:yuan|(?:US\s+)?dollar|euro|pounds|yen|rupees|francs|RMB|USD|cents)")
PERCENT_SIGN = re.compile(r"%|[Cc](?i:ent)")
# A reason runs to the end of the sentence; one that the sentence begins with, to its comma.
REASON = re.compile(rf"(?=[abcdiorst])(?:^{_CAUSE}\b[^,]*(?=,)|\b{_CAUSE}\b.*)", re.IGNORECASE)
QUOTED = re.compile(r"[\"“«]([^\"“”«»]{2,60})[\"”»]")
