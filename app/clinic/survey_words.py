"""The survey in words: questions, what may be answered, names of the elements. One set for form, numbers and list."""

from __future__ import annotations

from typing import Final

from flask_babel import LazyString

from app.clinic.rules.survey import Letter
from app.core.language import say

# As the regulation names them, in its order.
ELEMENT_WORDS: Final[dict[int, LazyString]] = {
    1: say("Persyaratan"),
    2: say("Cara dan alur"),
    3: say("Waktu"),
    4: say("Biaya"),
    5: say("Hasil layanan"),
    6: say("Kemampuan petugas"),
    7: say("Sikap petugas"),
    8: say("Penanganan keluhan"),
    9: say("Tempat dan peralatan"),
}
QUESTIONS: Final[dict[int, LazyString]] = {
    1: say("Syarat untuk konsultasi, seperti surat yang dibawa, apakah sesuai?"),
    2: say("Apakah mudah, dari memesan sampai konsultasi?"),
    3: say("Apakah dilayani tepat waktu?"),
    4: say("Apakah ada biaya? Layanan ini seharusnya gratis."),
    5: say("Apakah konsultasinya membantu urusan Bapak/Ibu?"),
    6: say("Apakah orang yang melayani menguasai masalahnya?"),
    7: say("Apakah orang yang melayani sopan dan ramah?"),
    8: say("Kalau ada keluhan, apakah ditangani dengan baik?"),
    9: say("Apakah tempat dan peralatannya baik? Kalau lewat HP: suara dan gambarnya."),
}
# From 1 to 4.
_ANSWERS: Final[dict[int, tuple[LazyString, LazyString, LazyString, LazyString]]] = {
    1: (say("Tidak sesuai"), say("Kurang sesuai"), say("Sesuai"), say("Sangat sesuai")),
    2: (say("Tidak mudah"), say("Kurang mudah"), say("Mudah"), say("Sangat mudah")),
    3: (say("Tidak tepat"), say("Kurang tepat"), say("Tepat waktu"), say("Sangat tepat")),
    4: (say("Sangat mahal"), say("Cukup mahal"), say("Murah"), say("Gratis")),
    5: (say("Tidak membantu"), say("Kurang membantu"), say("Membantu"), say("Sangat membantu")),
    6: (say("Tidak menguasai"), say("Kurang menguasai"), say("Menguasai"), say("Sangat menguasai")),
    7: (say("Tidak ramah"), say("Kurang ramah"), say("Ramah"), say("Sangat ramah")),
    8: (
        say("Tidak ditangani"),
        say("Kurang ditangani"),
        say("Ditangani"),
        say("Ditangani dengan baik"),
    ),
    9: (say("Buruk"), say("Kurang baik"), say("Baik"), say("Sangat baik")),
}
LETTER_WORDS: Final[dict[Letter, LazyString]] = {
    Letter.A: say("Sangat baik"),
    Letter.B: say("Baik"),
    Letter.C: say("Kurang baik"),
    Letter.D: say("Tidak baik"),
}


def answers(element: int) -> list[tuple[str, LazyString]]:
    """Choices of a question, from the worst to the best: read from left to right as the regulation prints them."""
    return [(str(score), words) for score, words in enumerate(_ANSWERS[element], 1)]
