"""Slips: what receivers give back, read as their receipt for a delivery, or told what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MOST_BYTES = 64 << 10
SUFFIX = ".kvittering.json"  # after the delivery's name: how a receiver calls its receipt


@dataclass(frozen=True, slots=True)
class Slip:
    """A file with a receiver that says it is a receipt: its name there, and its bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


class Answer(StrEnum):
    """What a receiver says of a delivery."""

    RECEIVED = "mottatt"
    REJECTED = "avvist"


class Acknowledgement(BaseModel):
    """A receiver's receipt. The form is our own convention: no receiver has published one."""

    model_config = ConfigDict(frozen=True)

    levering: str = Field(min_length=1, max_length=170)
    konvolutt_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    status: Answer
    referanse: str = Field(min_length=1, max_length=200)
    merknad: str = Field(default="", max_length=2000)


class SlipError(Exception):
    """A slip is no whole receipt; one Norwegian sentence, with what to do."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(
            f"Kvitteringen «{name}» er ikke hel: {said}. Den er tatt vare på. Be mottakeren legge den "
            "ut på nytt, eller svar for leveringen med «aarshjul resolve»."
        )


def read_slip(slip: Slip) -> Acknowledgement:
    """Raises SlipError for half a receipt, or none at all."""
    if not slip.content.strip():
        raise SlipError(slip.name, "filen er tom")
    if len(slip.content) > MOST_BYTES:
        raise SlipError(slip.name, f"filen er over {MOST_BYTES >> 10} kB")
    try:
        return Acknowledgement.model_validate_json(slip.content)
    except ValidationError as error:
        raise SlipError(slip.name, _said(error)) from error


def _said(error: ValidationError) -> str:
    """The first fault: where the text breaks off, or which field is wrong."""
    fault = error.errors(include_url=False, include_input=False)[0]
    if fault["type"] == "json_invalid":
        return f"innholdet er avkuttet eller ikke JSON ({fault['ctx']['error']})"
    field = ".".join(str(part) for part in fault["loc"]) or "innholdet"
    return f"«{field}» mangler" if fault["type"] == "missing" else f"«{field}» er ikke som avtalt"
