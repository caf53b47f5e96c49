"""Faults of a way to a receiver: each says in one Norwegian sentence what to do about it.

A Hindrance is there until a person has mended it; `UnreachedError` may pass, and the step tries again.
"""

from jobs.api import Hindrance


class HostKeyChanged(Hindrance):
    """Who answers has not the host key that is pinned, so it may be somebody else; nothing was sent."""

    def __init__(self, receiver: str, pinned: str, seen: str) -> None:
        super().__init__(
            f"Serveren til «{receiver}» viser en annen vertsnøkkel ({seen or 'ukjent'}) enn den som er "
            f"låst ({pinned}). Ingenting er sendt. Spør mottakeren over en annen kanal om nøkkelen er "
            "byttet, og rett så host_key i kanalfilen."
        )


class CertificateRefused(Hindrance):
    """Who answers has no certificate that we trust for its name; nothing was sent."""

    def __init__(self, receiver: str, said: str) -> None:
        super().__init__(
            f"Sertifikatet til «{receiver}» godtas ikke ({said}). Ingenting er sendt. Avklar med "
            "mottakeren, eller rett url eller authority i kanalfilen."
        )


class LoginRefused(Hindrance):
    """The receiver does not let us in."""

    def __init__(self, receiver: str) -> None:
        super().__init__(
            f"«{receiver}» slipper oss ikke inn. Se at kontoen og nøkkelen i kanalfilen er de som "
            "mottakeren har registrert."
        )


class NoRoomThere(Hindrance):
    """The receiver's disk is full; nothing of the delivery lies under its name there."""

    def __init__(self, receiver: str) -> None:
        super().__init__(
            f"Disken hos «{receiver}» er full; leveringen er ikke lagt der. Be mottakeren frigjøre "
            "plass, og prøv på nytt."
        )


class Declined(Hindrance):
    """The receiver's server answered that it will not; nothing of the delivery is in place there."""

    def __init__(self, receiver: str, said: str) -> None:
        super().__init__(
            f"«{receiver}» tok ikke imot: {said.rstrip('.')}. Avklar med mottakeren, og prøv på nytt."
        )


class Uncertain(Hindrance):
    """It was about to be put in place when we lost sight of it, and it is not there to be looked up."""

    def __init__(self, receiver: str) -> None:
        super().__init__(
            f"Vi vet ikke om leveringen kom fram til «{receiver}»: den ble avbrutt idet den ble lagt på "
            "plass, og den ligger ikke der nå. Den sendes ikke på nytt av seg selv. Spør mottakeren, og "
            "svar med «aarshjul resolve»."
        )


class NotOurs(Hindrance):
    """Something lies under the delivery's name that does not bear our signature, or is not whole."""

    def __init__(self, receiver: str, said: str) -> None:
        super().__init__(
            f"Det som ligger hos «{receiver}» under leveringens navn, kan ikke kjennes igjen ({said}). "
            "Ingenting er sendt nå. Avklar med mottakeren hva som ligger der."
        )


class UnreachedError(ConnectionError):
    """The receiver did not answer, or the line broke."""

    def __init__(self, receiver: str, said: object) -> None:
        super().__init__(f"Får ikke kontakt med «{receiver}» ({said or 'forbindelsen ble brutt'}).")
