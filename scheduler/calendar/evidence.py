"""Evidence: how a row is known, carried from the sources to every page that shows it."""

from typing import Annotated

from pydantic import Field

from scheduler.calendar.fields import LABEL, Frozen, SourceRef
from scheduler.calendar.saying import Say, as_it_stands

LABELS = {
    "S": "kildedokumentet",
    "P": "en offentlig kilde",
    "I": "vårt forslag",
    "G": "allmenn kunnskap",
}
Label = Annotated[str, Field(pattern=LABEL, description="S, P, I eller G, eller flere med +.")]


class Evidence(Frozen):
    """How we know: S a seed document, P a public page, I our own inference, G general knowledge."""

    label: Label
    day_label: Label | None = Field(
        default=None, description="Merket for dagen når det er et annet enn radens."
    )
    sources: tuple[SourceRef, ...] = Field(default=(), description="Nøkler i sources.")
    note: str = Field(default="", description="Hva som er kjent, og hva som ikke er det.")
    uncertain: bool = Field(
        default=False, description="true når kildene er uklare eller strider mot hverandre."
    )

    @property
    def in_words(self) -> str:
        """The labels as a Norwegian sentence."""
        return self.told()

    def told(self, say: Say = as_it_stands) -> str:
        """The labels as a sentence."""
        words = [say("Bygger på %(what)s") % {"what": spelled(self.label, say)}]
        if self.day_label and self.day_label != self.label:
            words.append(say("dagen på %(what)s") % {"what": spelled(self.day_label, say)})
        uncertain = say("Kilden er usikker.") if self.uncertain else ""
        return f"{'; '.join(words)}. {uncertain}".rstrip()


def spelled(label: str, say: Say = as_it_stands) -> str:
    """S+P: kildedokumentet og en offentlig kilde."""
    words, both = (say(LABELS[letter]) for letter in label if letter in LABELS), say("og")
    return f" {both} ".join(words)
