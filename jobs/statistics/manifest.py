"""The manifest of a delivery: what it speaks for, its files, and what the control found.

It is what a person signs, by its hash, and what the next delivery is held against.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jobs.statistics.control import Finding
from jobs.statistics.extract import Extract, WrittenFile
from jobs.statistics.layout import layouts

Manifest = Mapping[str, Any]


def manifest_of(extract: Extract, files: Sequence[WrittenFile], found: Sequence[Finding]) -> bytes:
    """The manifest's bytes. No instant stands in it: the same rows give the same bytes."""
    count, convention = extract.count, extract.delivery.convention
    content = {
        "forekomst": extract.occurrence_key,
        "mottaker": extract.delivery.receiver,
        "fylkesnummer": count.fylkesnummer,
        "periode": count.period,
        "telledato": count.telledato.isoformat(),
        "form": {
            "skilletegn": convention.separator,
            "tegnsett": convention.encoding.value,
            "overskrift": convention.header,
            "linjeslutt": convention.line_end.value,
        },
        "filer": [_file(written) for written in files],
        "importleveranser": sorted({n for written in files for n in written.sources}),
        "kontroll": [finding.as_json() for finding in found],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _file(written: WrittenFile) -> dict[str, Any]:
    layout = layouts()[written.kind]
    return {
        "name": written.name,
        "kind": written.kind,
        "sha256": written.sha256,
        "bytes": written.bytes,
        "rows": written.rows,
        "oppsett": {"versjon": layout.version, "kilde": layout.evidence},
        "per_school": dict(sorted(written.per_school.items())),
        "codes": {name: dict(sorted(codes.items())) for name, codes in written.codes.items()},
    }


def read_manifest(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
