"""Providers: where people may sign in instead of here, and which roles their claims give.

Read from the YAML file that AARSHJUL_SIGN_IN names; a fault names its line and the remedy.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from scheduler.access.roles import Grant, GrantError, Role
from scheduler.calendar.reading import Reading, read_yaml
from scheduler.settings import SettingsError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
Word = Annotated[str, Field(min_length=1, max_length=300)]
SENTENCES = {
    "missing": "mangler",
    "extra_forbidden": "er ikke et felt her",
    "value_error": "{error}",
    "enum": "må være en av {expected}",
    "string_pattern_mismatch": "kan bare ha a–z, 0–9 og -, høyst 30 tegn",
    "string_too_short": "kan ikke være tom",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Part):
    """Who has `value` in the claim `claim` has a role, in a county where the role is of one."""

    claim: Word
    value: Word
    role: Role
    county: str = ""

    @model_validator(mode="after")
    def _a_grant(self) -> "Rule":
        try:
            _ = self.grant
        except GrantError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def grant(self) -> Grant:
        return Grant(self.role, self.county)


class Provider(_Part):
    """One OpenID Connect provider, as it knows us, and what its claims mean here.

    `userinfo` asks its userinfo endpoint too, for claims that the id token lacks (Feide).
    `authorize` is added to the question (`acr_values` for ID-porten).
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    name: Word
    issuer: Word
    client_id: Word
    client_secret_file: Path
    scopes: tuple[Word, ...] = ("openid", "profile")
    name_claim: Word = "name"
    userinfo: bool = False
    authorize: dict[str, str] = {}
    roles: tuple[Rule, ...] = ()

    @field_validator("id")
    @classmethod
    def _not_ours(cls, value: str) -> str:
        if value == "local":
            raise ValueError("kan ikke være «local», som er kontoene her")
        return value

    @field_validator("issuer")
    @classmethod
    def _over_https(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return value
        raise ValueError("må begynne med https://")

    @field_validator("scopes")
    @classmethod
    def _openid(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise ValueError("må ha openid")
        return value

    @property
    def secret(self) -> str:
        return self.client_secret_file.read_text(encoding="utf-8").strip()

    def grants(self, claims: Mapping[str, Any]) -> frozenset[Grant]:
        """The roles that somebody with these claims has."""
        return frozenset(
            rule.grant for rule in self.roles if rule.value in _values(claims.get(rule.claim))
        )


class _File(_Part):
    providers: tuple[Provider, ...] = ()


def _values(claim: Any) -> tuple[str, ...]:
    """The texts of a claim that is a text or a list of them."""
    found: Iterable[Any] = claim if isinstance(claim, list) else (claim,)
    return tuple(value for value in found if isinstance(value, str))


def read_providers(path: Path | None) -> tuple[Provider, ...]:
    """The providers of the file, none without one; raises SettingsError with every fault."""
    if path is None:
        return ()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"AARSHJUL_SIGN_IN: kan ikke lese {path} ({error})") from error
    reading = read_yaml(text)
    faults = [f"{path}:{fault.line}: {fault.sentence}" for fault in reading.faults]
    try:
        found = _File.model_validate(reading.content).providers
    except ValidationError as error:
        found, faults = (), faults + [_sentence(path, reading, one) for one in error.errors()]
    faults += _unusable(path, found)
    if faults:
        raise SettingsError("; ".join(faults))
    return found


def _sentence(path: Path, reading: Reading, error: Any) -> str:
    line, _ = reading.place(error["loc"], of_key=error["type"] == "extra_forbidden")
    words = SENTENCES.get(error["type"], error["msg"]).format(**error.get("ctx", {}))
    where = ".".join(str(part) for part in error["loc"])
    return f"{path}:{line}: {where} {words}"


def _unusable(path: Path, providers: tuple[Provider, ...]) -> list[str]:
    ids = [provider.id for provider in providers]
    twice = [
        f"{path}: to tilbydere heter «{id_}»" for id_ in sorted(set(ids)) if ids.count(id_) > 1
    ]
    unread = [
        f"{path}: kan ikke lese {p.client_secret_file}, hemmeligheten til «{p.id}»"
        for p in providers
        if not p.client_secret_file.is_file()
    ]
    return twice + unread
