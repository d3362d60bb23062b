"""Whether a question is in another language than the releases."""

import pytest

from bot.answering.foreign import is_foreign
from bot.index.corpus import Corpus


@pytest.mark.parametrize(
    "question",
    [
        "¿Quién preside la junta?",
        "¿Cuándo jugó Norrvik contra Gotland?",  # the names are in the corpus
        "cuanto costo el muelle",  # as typed on a phone
        "Wer ist die Bürgermeisterin von Norrvik?",
        "Wann wurde der Tunnel geschlossen?",
        "Qui dirige le port de Norrvik ?",
        "Chi dirige il porto?",
        "谁是市长？",
        "من هو عمدة نورفيك؟",
        "кто мэр Норрвика?",
    ],
)
def test_another_language(question: str, coast: Corpus) -> None:
    assert is_foreign(question, coast)


@pytest.mark.parametrize(
    "question",
    [
        "who chairs the harbour board?",
        "who chiars the harbor bord",
        "did the mayor meet Ludwig Mies van der Rohe?",
        "who orchestrated Chopiniana?",
        "where is Château d'Yquem in the résumé of the mayor?",
        "Norrvik Gotland",
        "2023?",
        "",
    ],
)
def test_english_with_slips_and_names(question: str, coast: Corpus) -> None:
    assert not is_foreign(question, coast)
