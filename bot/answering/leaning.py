"""Whether a sentence, or a question, leans on the one before it."""

import re

# A sentence that begins so speaks of something in the sentence before it.
_LEANS = re.compile(
    r"[\"“‘'(]*(?:It|Its|They|Their|Them|He|His|She|Her|This|That|These|Those|Such|There|Both|Here"
    r"|The (?:target|company|group|project|programme|program|plan|deal|move|former|latter|two|facility|event|figure"
    r"|number|total|amount|goal|aim|result|results|initiative|agreement|park|scale|site|centre|center|meeting"
    r"|conference|fund|investment|study|report|bill|law|measure|legislation|amendment|funding|grant|award)"
    r"|And|But|So|However|Also|In addition|As a result|Then|Moreover|Furthermore|Therefore|Thus|Instead)\b"
)


def leans(sentence: str) -> bool:
    """Whether the sentence speaks of something that the one before it names ("It …", "The target …")."""
    return bool(_LEANS.match(sentence))
