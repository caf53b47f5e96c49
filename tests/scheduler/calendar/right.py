"""A small calendar that is right."""

RIGHT = """\
version: 1
counties:
  "42": {name: Agder}
  "46": {name: Vestland}
areas:
  skole: {name: Skole}
parties:
  fylke: {name: Fylkeskommunen}
  udir: {name: Udir}
audiences:
  alle: {name: Alle}
sources:
  S: {title: En kilde}
closures:
  - {name: Julaften, date: 24. desember}
empty_months:
  - receiver: udir
    months: [august, april, mai]
    evidence: {label: S, sources: [S]}
deliverables:
  en-import:
    name: En import
    areas: [skole]
    kind: import
    scope: county
    sender: fylke
    receiver: udir
    audience: [alle]
    reference_date: 1. oktober
    due: {date: 15. oktober, shift: preceding}
    evidence: {label: S, day_label: I, sources: [S]}
    description: En import.
  en-levering:
    name: En levering
    areas: [skole]
    kind: delivery
    scope: county
    sender: fylke
    receiver: udir
    audience: [alle]
    due: {after: en-import, days: 7, shift: preceding}
    time: "23:59"
    depends_on:
      - {deliverable: en-import, strength: hard, label: I}
    confirmed:
      - {school_year: 2023-2024, announced: 24. oktober 2023, source: S}
    evidence: {label: S+P}
    description: En levering.
"""

DUE = "due: {date: 15. oktober, shift: preceding}"
LATER = "due: {after: en-import, days: 7, shift: preceding}"
