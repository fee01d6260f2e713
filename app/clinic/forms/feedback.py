"""What may be said about a session: nine questions, three of them first, and a free comment."""

from __future__ import annotations

from app.clinic.rules.survey import ELEMENTS, LONGEST_COMMENT, SHORT
from app.clinic.survey_words import QUESTIONS, answers
from app.core.fields import ChoiceField, LongTypedField
from app.core.forms import BaseForm
from app.core.language import say
from app.core.values import tidy_text


def _question(element: int) -> ChoiceField:
    return ChoiceField(QUESTIONS[element], choices=answers(element))


class FeedbackForm(BaseForm):
    """A sheet of the survey. Any part of it is worth having; an empty one is not."""

    score_1 = _question(1)
    score_2 = _question(2)
    score_3 = _question(3)
    score_4 = _question(4)
    score_5 = _question(5)
    score_6 = _question(6)
    score_7 = _question(7)
    score_8 = _question(8)
    score_9 = _question(9)
    comment = LongTypedField(say("Ada pesan atau saran?"), lambda text: tidy_text(text, most=LONGEST_COMMENT))

    @property
    def short(self) -> list[ChoiceField]:
        """The questions that everybody is asked."""
        return [self[f"score_{element}"] for element in SHORT]

    @property
    def more(self) -> list[ChoiceField]:
        """The others."""
        return [self[f"score_{element}"] for element in ELEMENTS if element not in SHORT]

    @property
    def wants_more(self) -> bool:
        """Some of the others is answered, or wrong: they are shown at once."""
        return any(question.data or question.errors for question in self.more)

    @property
    def scores(self) -> dict[int, int]:
        """Element -> score of what was answered."""
        found = {element: self[f"score_{element}"].data for element in ELEMENTS}
        return {element: int(score) for element, score in found.items() if score}

    def validate(self, extra_validators: object = None) -> bool:
        """At least one answer, or a comment alone."""
        fine = bool(super().validate(extra_validators))
        if fine and not self.scores and not self.comment.value:
            first = self.short[0]
            first.errors = [*first.errors, say("Pilih satu jawaban. Pertanyaan lain boleh dilewati.")]
            return False
        return fine
