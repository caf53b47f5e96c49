"""Address: where a contact is reached, checked before it is kept and again before it is used."""

import re
from urllib.parse import urlsplit

# What mail servers agree on: RFC 5321's dot-atom, in ASCII.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_MAIL = 254
LONGEST_LOCAL = 64
LONGEST_URL = 2000


class AddressError(ValueError):
    """The address cannot be used; the message says why and what to do, in Norwegian."""


def checked(channel: str, text: str) -> str:
    """The address as it is kept: a mail domain in lower-case ASCII; raises AddressError."""
    address = text.strip(" ")
    if not address:
        raise AddressError("Adressen er tom.")
    if not address.isprintable() or any(sign.isspace() for sign in address):
        raise AddressError(
            "Adressen har linjeskift, mellomrom eller et annet tegn som ikke vises. "
            "Skriv én adresse, uten noe foran eller bak."
        )
    return _mail(address) if channel == "email" else _web(channel, address)


def _mail(address: str) -> str:
    local, at, domain = address.rpartition("@")
    if not at or "@" in local:
        raise AddressError(f"«{address}» er ikke en e-postadresse: den må ha én @.")
    if not LOCAL_PART.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise AddressError(
            f"«{address}» kan ikke brukes: foran @ må det stå bokstaver fra a til z, tall, "
            "punktum eller bindestrek. Skriv bare adressen, uten navn."
        )
    whole = f"{local}@{_domain(address, domain)}"
    if len(whole) > LONGEST_MAIL:
        raise AddressError(f"E-postadressen er lengre enn {LONGEST_MAIL} tegn.")
    return whole


def _domain(address: str, domain: str) -> str:
    """The domain as mail servers write it: skjåk.example is xn--skjk-soa.example."""
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressError(f"«{address}»: «{domain}» er ikke et gyldig domene.") from error
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):  # noqa: PLR2004 - name and top
        raise AddressError(f"«{address}»: «{domain}» er ikke et gyldig domene.")
    return ascii_domain


def _web(channel: str, address: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"«{address}» er ikke en gyldig nettadresse.") from error
    allowed = ("https",) if channel == "teams" else ("https", "http")
    if parts.scheme not in allowed or not parts.hostname or port == 0:
        raise AddressError(f"«{address}» er ikke en nettadresse som begynner med https://.")
    if parts.username is not None or parts.password is not None:
        raise AddressError("Nettadressen kan ikke ha brukernavn og passord i seg.")
    if not address.isascii() or "\\" in address or parts.fragment:
        raise AddressError(f"«{address}»: skriv nettadressen med ASCII-tegn, uten # og \\.")
    if len(address) > LONGEST_URL:
        raise AddressError(f"Nettadressen er lengre enn {LONGEST_URL} tegn.")
    return address
