"""Problem: how the API says no, as RFC 9457 problem details with a Norwegian sentence."""

from collections.abc import Iterable, Mapping

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from scheduler.calendar.words import nearest

MEDIA_TYPE = "application/problem+json"
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404
CONFLICT, TOO_LARGE, NOT_JSON, UNPROCESSABLE, UNAVAILABLE = 409, 413, 415, 422, 503
NO_LENGTH, TOO_OFTEN = 411, 429
TITLES = {
    BAD_REQUEST: "Ikke lesbar",
    UNAUTHORIZED: "Mangler gyldig nøkkel",
    FORBIDDEN: "Ikke tillatt",
    NOT_FOUND: "Fantes ikke",
    CONFLICT: "Passer ikke nå",
    NO_LENGTH: "Mangler lengde",
    TOO_LARGE: "For stor",
    NOT_JSON: "Ikke JSON",
    UNPROCESSABLE: "Kan ikke brukes",
    TOO_OFTEN: "For mange spørsmål på kort tid",
    UNAVAILABLE: "Ikke tilgjengelig nå",
}
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="aarshjul"'}


class Fault(BaseModel):
    """One thing to mend in a request: its name there, and what is wrong with it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="Feltet eller ordet i spørringen.")
    sentence: str = Field(description="Hva som er galt, og hva som kan brukes.")


class Problem(BaseModel):
    """The body of every answer from 400 up."""

    model_config = ConfigDict(extra="forbid", title="Problem")

    type: str = Field(default="about:blank", description="Alltid about:blank.")
    title: str = Field(description="Hva slags feil det er.")
    status: int = Field(description="HTTP-statusen.")
    detail: str = Field(description="Hva som er galt, og hva som kan gjøres.")
    faults: tuple[Fault, ...] = Field(
        default=(), description="Hver feil for seg, der det er flere."
    )


class Refused(Exception):  # noqa: N818 - what the request is
    """The request cannot be done; `detail` says why in Norwegian."""

    def __init__(self, status: int, detail: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, tuple(faults)

    def answer(self) -> Response:
        headers = _CHALLENGE if self.status == UNAUTHORIZED else {}
        return problem(self.status, TITLES[self.status], self.detail, headers, self.faults)


def problem(
    status: int,
    title: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    faults: Iterable[Fault] = (),
) -> Response:
    body = Problem(title=title, status=status, detail=detail, faults=tuple(faults))
    return Response(body.model_dump_json(), status, dict(headers or {}), content_type=MEDIA_TYPE)


def unknown(name: str, value: str, known: Iterable[str], noun: str) -> Fault:
    """A word that the calendar does not know, with the nearest that it does."""
    return Fault(name=name, sentence=f"«{value}» er ikke {noun}.{nearest(value, known)}")


def unusable(faults: Iterable[Fault]) -> Refused:
    """422 with every fault, said together in `detail`."""
    found = tuple(faults)
    said = " ".join(f"{fault.name}: {fault.sentence}" for fault in found)
    return Refused(UNPROCESSABLE, said, found)
