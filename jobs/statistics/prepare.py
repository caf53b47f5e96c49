"""Prepare a delivery: its files and its manifest in a folder, and what stands in the way of sending."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from jobs.channels.files import write_whole
from jobs.channels.outbox import MANIFEST
from jobs.quality.engine import violations
from jobs.quality.rules import Severity
from jobs.statistics.answering import answered
from jobs.statistics.comparing import compared
from jobs.statistics.control import Finding, control, findings, occasion_of
from jobs.statistics.derived import ANSWERED, COMPARED
from jobs.statistics.extract import Extract, WrittenFile, write_files
from jobs.statistics.manifest import manifest_of
from jobs.statistics.rules import outgoing_rules


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery ready to be sent, or not: the files, the manifest, and the findings by weight."""

    manifest: Path
    files: tuple[WrittenFile, ...]
    found: tuple[Finding, ...]
    preliminary: bool

    @property
    def blocking(self) -> list[str]:
        """Why it cannot be sent; a preliminary delivery is there to find errors."""
        return [] if self.preliminary else self._of(Severity.ERROR)

    @property
    def to_be_signed(self) -> list[str]:
        """What a person must give a reason for; nothing of a preliminary delivery."""
        return [] if self.preliminary else self._of(Severity.WARN)

    def _of(self, severity: Severity) -> list[str]:
        return [str(finding) for finding in self.found if finding.alvor == severity.value]


def prepare(
    engine: Engine, extract: Extract, folder: Path, *, real_people: bool = False
) -> Prepared:
    """Write the files and their manifest into the folder.

    Raises Refusal when a value does not fit its field.
    """
    files = write_files(engine, extract, folder)
    found = control(files, extract, folder, real_people=real_people)
    with Session(engine.execution_options(read_only=True)) as session:
        found += _beside_earlier(session, extract, files, folder)
    manifest = folder / MANIFEST
    write_whole(manifest, [manifest_of(extract, files, found)])
    return Prepared(manifest, tuple(files), tuple(found), extract.is_preliminary)


def _beside_earlier(
    session: Session, extract: Extract, files: list[WrittenFile], folder: Path
) -> list[Finding]:
    frames = {
        COMPARED: compared(session, extract, files),
        ANSWERED: answered(session, extract, files, folder),
    }
    return findings(violations(frames, occasion_of(extract), outgoing_rules()))
