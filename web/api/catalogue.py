"""Catalogue: the counties, areas, roles and deliverables of the calendar in use."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from pydantic import Field

from scheduler.calendar import Deliverable, Evidence
from scheduler.calendar.words import nearest
from web.api.blueprint import Shown, answer, blueprint, said_no
from web.api.problem import NOT_FOUND, Refused
from web.api.words import Name, Nothing, Words
from web.site import ledger


class Named(Shown):
    """Something that other parts of the API refer to by `id`."""

    id: str = Field(description="Ordet som brukes i spørringer.")
    name: str = Field(description="Navnet folk ser.")


class NamedList(Shown):
    items: tuple[Named, ...]


class Role(Named):
    scope: str = Field(description="county: finnes i hvert fylke. national: én for landet.")


class RoleList(Shown):
    items: tuple[Role, ...]


class Before(Shown):
    """A row that comes first."""

    deliverable: str
    stage: str | None
    strength: str
    cycle: str = Field(description="this eller previous: hvilket skoleår raden er fra.")


class EvidenceShown(Shown):
    """How a row is known."""

    label: str = Field(description="S kildedokument, P offentlig, I vårt forslag, G allment kjent.")
    day_label: str | None = Field(description="Merket for dagen, når det er et annet.")
    sources: tuple[str, ...]
    note: str
    uncertain: bool
    sentence: str = Field(description="Merkene som en setning.")


class DeliverableShown(Named):
    """A row of the annual cycle."""

    description: str
    kind: str
    scope: str
    stage: str
    activity: str
    areas: tuple[str, ...]
    audience: tuple[str, ...]
    sender: str | None
    receiver: str | None
    copies_to: tuple[str, ...]
    reference_date: str | None = Field(description="Telledatoen slik kalenderen sier den.")
    when: str | None = Field(description="Tekst i stedet for frist, når ingen dag kan regnes ut.")
    time: str | None
    job: str | None = Field(description="Jobben som utfører raden her, om noen.")
    undecided: str = Field(description="Det som ikke er avklart om raden, og hvem som avgjør det.")
    depends_on: tuple[Before, ...]
    evidence: EvidenceShown


class DeliverableList(Shown):
    items: tuple[DeliverableShown, ...]


class DeliverablePath(Words):
    """One row of the calendar."""

    deliverable: Name


@blueprint.get("/counties", responses={200: NamedList})
def counties(query: Nothing) -> Response:  # noqa: ARG001 - an address without a query
    """Fylkene"""
    with ledger() as found:
        return answer(_named(found.calendar.counties))


@blueprint.get("/areas", responses={200: NamedList})
def areas(query: Nothing) -> Response:  # noqa: ARG001
    """Fagområdene"""
    with ledger() as found:
        return answer(_named(found.calendar.areas))


@blueprint.get("/roles", responses={200: RoleList})
def roles(query: Nothing) -> Response:  # noqa: ARG001
    """Målgruppene"""
    with ledger() as found:
        known = found.calendar.audiences.items()
        items = tuple(Role(id=key, name=role.name, scope=role.scope) for key, role in known)
        return answer(RoleList(items=items))


@blueprint.get("/deliverables", responses={200: DeliverableList})
def deliverables(query: Nothing) -> Response:  # noqa: ARG001
    """Radene i årshjulet"""
    with ledger() as found:
        rows = found.calendar.deliverables.values()
        return answer(DeliverableList(items=tuple(_shown(row) for row in rows)))


@blueprint.get(
    "/deliverables/<deliverable>", responses={200: DeliverableShown, **said_no(NOT_FOUND)}
)
def deliverable(path: DeliverablePath, query: Nothing) -> Response:  # noqa: ARG001
    """Én rad"""
    with ledger() as found:
        rows = found.calendar.deliverables
        if path.deliverable not in rows:
            advice = nearest(path.deliverable, rows)
            raise Refused(NOT_FOUND, f"«{path.deliverable}» er ikke en rad i årshjulet.{advice}")
        return answer(_shown(rows[path.deliverable]))


def _named(known: Mapping[str, Any]) -> NamedList:
    return NamedList(items=tuple(Named(id=key, name=value.name) for key, value in known.items()))


def _shown(row: Deliverable) -> DeliverableShown:
    return DeliverableShown(
        id=row.id,
        name=row.name,
        description=row.description,
        kind=row.kind,
        scope=row.scope,
        stage=row.stage,
        activity=row.activity,
        areas=row.areas,
        audience=row.audience,
        sender=row.sender,
        receiver=row.receiver,
        copies_to=row.copies_to,
        reference_date=row.reference_date,
        when=row.when,
        time=row.time,
        job=row.job,
        undecided=row.undecided.in_words if row.undecided else "",
        depends_on=tuple(
            Before(
                deliverable=before.deliverable,
                stage=before.stage,
                strength=before.strength,
                cycle=before.cycle,
            )
            for before in row.depends_on
        ),
        evidence=_evidence(row.evidence),
    )


def _evidence(found: Evidence) -> EvidenceShown:
    return EvidenceShown(
        label=found.label,
        day_label=found.day_label,
        sources=found.sources,
        note=found.note,
        uncertain=found.uncertain,
        sentence=found.in_words,
    )
