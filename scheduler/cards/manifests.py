"""Manifests: the files and the broken rules that a sent manifest tells of, of statistics and of OT data.

OT data is of few people in a county, and the card is open: a small number of rows is not shown.
"""

from collections.abc import Mapping
from typing import Any

from jobs.ot.controls import controls
from jobs.ot.figures import SMALLEST_SHOWN
from scheduler.cards.facts import Control, File

Manifest = Mapping[str, Any]


def files_of(manifest: Manifest) -> tuple[File, ...]:
    """The files, each with the version of its layout, or of the one that they all have."""
    return tuple(
        File(
            said["name"],
            said["rows"],
            said["bytes"],
            said["sha256"],
            (said.get("oppsett") or manifest["oppsett"])["versjon"],
        )
        for said in manifest.get("filer", [])
    )


def controls_of(manifest: Manifest) -> tuple[Control, ...]:
    """The rules that were broken: as findings, or of OT data as how many rows broke each."""
    found = (
        Control(said["regel"], said["alvor"], said["fil"], said["antall"])
        for said in manifest.get("kontroll", [])
    )
    weights = {control.id: control.alvor.value for control in controls()}
    counted = (
        Control(rule, weights[rule], file["kind"], rows if rows >= SMALLEST_SHOWN else None)
        for rule, rows in manifest.get("kontroller", {}).items()
        for file in manifest["filer"]
        if rows and rule in weights
    )
    return (*found, *counted)
