"""Configuration: the installation's own file of channels, which way each receiver's deliveries go.

It lies outside the repository, and names files with keys and tokens rather than holding them; such
paths are read from the file's own folder. A receiver that is not in it gets its deliveries in the
outbox, unsealed, for an operator to carry on.
"""

from pathlib import Path
from stat import S_IRWXG, S_IRWXO
from typing import Annotated, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)

from jobs.channels.keys import must_be_age, must_be_host_key, must_be_private_key


class ChannelsError(Exception):
    """The file of channels is wrong; a line for each fault, with file, line, field and remedy."""


def _readable(value: Path, info: ValidationInfo) -> Path:
    path = Path(info.context["folder"]) / value if info.context else value
    try:
        path.open("rb").close()
    except OSError as error:
        raise ValueError(f"{path}: kan ikke leses ({error.strerror})") from error
    return path


def _secret(value: Path, info: ValidationInfo) -> Path:
    path = _readable(value, info)
    if path.stat().st_mode & (S_IRWXG | S_IRWXO):
        raise ValueError(f"{path}: kan leses av andre enn tjenesten. Kjør chmod 600 på den")
    return path


def _private_key(value: Path, info: ValidationInfo) -> Path:
    return must_be_private_key(_secret(value, info))


AgeKey = Annotated[str, AfterValidator(must_be_age)]
HostKey = Annotated[str, AfterValidator(must_be_host_key)]
Folder = Annotated[str, Field(pattern=r"^/?[^/].*[^/]$|^/?[^/]$")]


class _Way(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    recipient: AgeKey


class Outbox(_Way):
    """Sealed deliveries in the outbox, which the receiver fetches from."""

    channel: Literal["outbox"]


class Sftp(_Way):
    """The receiver's SFTP server; folders are paths there."""

    channel: Literal["sftp"]
    host: str = Field(min_length=1)
    port: int = Field(default=22, ge=1, le=65535)
    host_key: HostKey
    account: str = Field(min_length=1)
    private_key: Annotated[Path, AfterValidator(_private_key)]
    folder: Folder
    receipts: Folder


class Https(_Way):
    """The receiver's web server; `authority` is a PEM file when its certificate is not public."""

    channel: Literal["https"]
    url: str = Field(pattern=r"^https://[^\s?#]+[^\s?#/]$")
    token: Annotated[Path, AfterValidator(_secret)]
    authority: Annotated[Path, AfterValidator(_readable)] | None = None


Way = Annotated[Outbox | Sftp | Https, Field(discriminator="channel")]
_WAYS: TypeAdapter[dict[str, Way]] = TypeAdapter(dict[str, Way])

_SENTENCES = {
    "missing": "mangler",
    "extra_forbidden": "er ikke et felt her",
    "union_tag_invalid": "channel må være outbox, sftp eller https",
    "union_tag_not_found": "channel mangler: outbox, sftp eller https",
    "string_pattern_mismatch": "har ikke riktig form ({pattern})",
    "value_error": "{error}",
}


def read_ways(path: Path | None) -> dict[str, Outbox | Sftp | Https]:
    """Receiver -> its way; raises ChannelsError. No file is set: nobody has one."""
    if path is None:
        return {}
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return _WAYS.validate_python(content, context={"folder": path.parent})
    except OSError as error:
        raise ChannelsError(f"{path}: kan ikke leses ({error.strerror})") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ChannelsError(f"{path.name}, linje {line}: er ikke YAML ({error.problem})") from error
    except ValidationError as error:
        raise ChannelsError("\n".join(_faults(path, root, error))) from error


def _faults(path: Path, root: yaml.Node | None, error: ValidationError) -> list[str]:
    lines = []
    for fault in error.errors(include_input=False):
        place = [str(part) for part in fault["loc"] if part not in ("outbox", "sftp", "https")]
        said = _SENTENCES.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
        lines.append(f"{path.name}, linje {_line(root, place)}, {'.'.join(place)}: {said}.")
    return lines


def _line(node: yaml.Node | None, place: list[str]) -> int:
    """The line of the deepest part of `place` that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for name in place:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = [(key, value) for key, value in pairs if key.value == name]
        if not found:
            return line
        key, node = found[0]
        line = key.start_mark.line + 1
    return line
