"""Evidence: how a row is known, carried from the sources to every page that shows it."""

from typing import Annotated

from pydantic import Field

from scheduler.calendar.fields import LABEL, Frozen, SourceRef

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
        words = [f"Bygger på {spelled(self.label)}"]
        if self.day_label and self.day_label != self.label:
            words.append(f"dagen på {spelled(self.day_label)}")
        return f"{'; '.join(words)}.{' Kilden er usikker.' if self.uncertain else ''}"


def spelled(label: str) -> str:
    """S+P: kildedokumentet og en offentlig kilde."""
    return " og ".join(LABELS[letter] for letter in label if letter in LABELS)
