"""Settings: environment variables AARSHJUL_*, read once, checked at start.

A value may also come from a file named by AARSHJUL_<NAME>_FILE, so that secrets need not
stand in the environment.
"""

import os
import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "AARSHJUL_"
LOCAL_HOSTS = ("127.0.0.1", "0.0.0.0", "::", "::1")  # noqa: S104 - names to show, not to bind
PROJECT_ROOT = Path(__file__).resolve().parent.parent


# An address without a name, spaces or anything that could end a header.
SENDER = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
Network = IPv4Network | IPv6Network
BEATS_BEFORE_DEAD = 3


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable and the remedy."""


class Settings(BaseSettings):
    """Every setting of the service, with its default and its unit."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    calendar: Path = PROJECT_ROOT / "calendar.yaml"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    sftp_host: str = "127.0.0.1"
    sftp_port: int | None = Field(default=None, ge=0, le=65535)
    public_url: str = Field(default="", validate_default=True)
    contact: str = ""
    uid_domain: str = "aarshjul"
    publish: Literal["on-save", "by-command"] = "on-save"
    node: str = Field(default="node-1", pattern=r"^[A-Za-z0-9._-]{1,40}$")
    beat_seconds: float = Field(default=2, gt=0, le=30)
    dead_after_seconds: float = Field(default=10, gt=0, le=600)
    tick_seconds: float = Field(default=15, gt=0, le=30)
    drain_seconds: int = Field(default=60, ge=0, le=3600)
    worker_concurrency: int = Field(default=4, ge=1, le=32)
    channels: Path | None = None
    max_file_mb: int = Field(default=512, ge=1)
    sign_in: Path | None = None
    proxies: int = Field(default=0, ge=0, le=5)
    requests_per_minute: int = Field(default=600, ge=10)
    reads_kept_years: int = Field(default=5, ge=1, le=30)
    identity_numbers: Literal["synthetic", "real"] = "synthetic"
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = Field(default="", validate_default=True)
    mail_folder: Path | None = None
    webhook_networks: str = ""
    demo: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    ping_url: str = ""

    @field_validator("public_url")
    @classmethod
    def _where_the_site_listens(cls, value: str, info: ValidationInfo) -> str:
        """Without an address of its own, the site is reached where it listens."""
        host, port = info.data.get("host", ""), info.data.get("port", "")
        shown = "localhost" if host in LOCAL_HOSTS else host
        return (value or f"http://{shown}:{port}").rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("må begynne med sqlite:/// eller postgresql://")
        return value

    @field_validator("dead_after_seconds")
    @classmethod
    def _several_beats(cls, value: float, info: ValidationInfo) -> float:
        beat = info.data.get("beat_seconds", 0)
        if value < BEATS_BEFORE_DEAD * beat:
            raise ValueError(
                f"må være minst {BEATS_BEFORE_DEAD} ganger {PREFIX}BEAT_SECONDS ({beat:g}), så ett "
                "forsinket livstegn ikke tas for en død node"
            )
        return value

    @field_validator("ping_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]\S*", value):
            raise ValueError("må begynne med https:// eller http://")
        return value

    @field_validator("contact")
    @classmethod
    def _somewhere_to_write(cls, value: str) -> str:
        if value and not (SENDER.fullmatch(value) or re.fullmatch(r"https://[^\s/]\S*", value)):
            raise ValueError("må være en e-postadresse, eller en side som begynner med https://")
        return value

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("smtp_host") and not SENDER.fullmatch(value):
            raise ValueError("må være adressen som e-post sendes fra, når smtp_host er satt")
        return value or "aarshjul@localhost"

    @field_validator("webhook_networks")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        try:
            _networks(value)
        except ValueError as error:
            raise ValueError("må være nett med komma mellom, som 10.1.0.0/16") from error
        return value

    @property
    def own_networks(self) -> tuple[Network, ...]:
        """The networks of our own that a webhook may lead to, though they are not public."""
        return _networks(self.webhook_networks)

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger and the register."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'aarshjul.db'}"

    @property
    def engine_url(self) -> str:
        """URL of the durable engine's own tables: its own file beside ours, or the same server."""
        if self.ledger_url.startswith("sqlite"):
            return f"sqlite:///{self.data_dir.resolve() / 'engine.db'}"
        return self.ledger_url

    @property
    def https(self) -> bool:
        """Whether readers reach the site over HTTPS."""
        return self.public_url.startswith("https://")

    @property
    def feed_dir(self) -> Path:
        return self.data_dir / "feeds"


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _values_from_files(environ: dict[str, str]) -> dict[str, str]:
    """Setting name -> content of the file that AARSHJUL_<NAME>_FILE points to."""
    found = {}
    for variable, path in environ.items():
        if variable.startswith(PREFIX) and variable.endswith("_FILE"):
            name = variable.removeprefix(PREFIX).removesuffix("_FILE").lower()
            try:
                found[name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise SettingsError(
                    f"{variable}: kan ikke lese {path} ({error.strerror})"
                ) from error
    return found


SENTENCES = {
    "int_parsing": "må være et helt tall",
    "float_parsing": "må være et tall",
    "bool_parsing": "må være true eller false",
    "greater_than": "må være større enn {gt}",
    "greater_than_equal": "må være minst {ge}",
    "less_than_equal": "må være høyst {le}",
    "string_pattern_mismatch": "må være 1 til 40 av a–z, A–Z, 0–9, punktum og streker",
    "literal_error": "må være {expected}",
    "value_error": "{error}",
}


def _sentence(fault: ErrorDetails) -> str:
    """What is wrong with a value, in Norwegian, and the value itself unless it may be a secret."""
    words = SENTENCES.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
    secret = any(name in str(fault["loc"]) for name in ("url", "password"))
    return words if secret else f"{words}, ikke «{fault['input']}»"


def read_settings(**overrides: object) -> Settings:
    """Settings from the environment; raises SettingsError naming every wrong variable."""
    try:
        return Settings(**{**_values_from_files(dict(os.environ)), **overrides})  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"{PREFIX}{'_'.join(str(part) for part in fault['loc']).upper()}: {_sentence(fault)}"
            for fault in error.errors()
        ]
        raise SettingsError("; ".join(lines)) from error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings, read once."""
    return read_settings()
