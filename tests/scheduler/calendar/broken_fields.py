"""Ways to break a field, a name or the file itself: see broken.py."""

FIELDS = {
    "unknown field": ("    kind: import", "    kinnd: import", (24, 5, "Mente du «kind»?")),
    "missing field": ("    kind: import\n", "", (21, 3, "Feltet «kind» mangler.")),
    "unknown kind": ("kind: import", "kind: imprt", (24, 11, "Mente du «import»?")),
    "unknown scope": ("scope: county", "scope: fylke", (25, 12, "Velg blant: county, national.")),
    "no value": ("    name: En import", "    name:", (22, 10, "Feltet «name» har ingen verdi.")),
    "unknown area": ("areas: [skole]", "areas: [skoel]", (23, 13, "Mente du «skole»?")),
    "unknown party": ("sender: fylke", "sender: fylket", (26, 13, "«fylket» er ikke en part")),
    "unknown audience": ("audience: [alle]", "audience: [ale]", (28, 16, "Mente du «alle»?")),
    "unknown source": ("day_label: I, sources: [S]", "sources: [X]", (31, 36, "ikke en kilde")),
    "unknown county": (
        "date: 24. desember}",
        'date: 24. desember, counties: ["99"]}',
        (15, 53, "«99» er ikke et fylkesnummer"),
    ),
    "county number of one digit": (
        '"42": {name',
        "3: {name",
        (3, 3, "Et fylkesnummer har to sifre"),
    ),
    "unknown deliverable": (
        "- {deliverable: en-import,",
        "- {deliverable: en-inport,",
        (44, 23, "«en-inport» er ikke en rad i denne filen. Mente du «en-import»?"),
    ),
    "unknown job": (
        "    description: En import.",
        "    description: En import.\n    job: import-schol",
        (33, 10, "Mente du «import-school»?"),
    ),
    "unknown catch-up": (
        "    description: En import.",
        "    description: En import.\n    catch_up: run_alwys",
        (33, 15, "Mente du «run_always»?"),
    ),
    "a window that nothing closes": (
        "    description: En import.",
        "    description: En import.\n    catch_up_days: 3",
        (21, 3, "gjelder bare sammen med"),
    ),
    "unknown strength": ("strength: hard", "strength: hadr", (44, 44, "Mente du «hard»?")),
    "id with capitals": ("  en-import:", "  En-Import:", (21, 3, "kan ikke være et navn her")),
    "the same id twice": ("  en-levering:", "  en-import:", (33, 3, "den første er på linje 21")),
    "the same field twice": (
        "    kind: import",
        "    kind: import\n    kind: window",
        (25, 5, "«kind» står to ganger; den første er på linje 24."),
    ),
    "hard orders in a ring": (
        "    description: En import.",
        "    description: En import.\n    depends_on: [{deliverable: en-levering, label: I}]",
        (33, 17, "i ring: en-import → en-levering → en-import"),
    ),
    "unknown stage of another row": (
        "{deliverable: en-import, strength",
        "{deliverable: en-import, stage: final, strength",
        (44, 41, "har bare trinnet «only»"),
    ),
    "unknown label": ("label: S+P", "label: X", (47, 23, "er ikke et merke")),
    "a list where a text belongs": ("name: En import", "name: [En, import]", (22, 11, "en tekst")),
    "a text where fields belong": (
        "evidence: {label: S+P}",
        "evidence: S+P",
        (47, 15, "felter med navn og verdi"),
    ),
    "no truth value": (
        "{label: S+P}",
        "{label: S, uncertain: kanskje}",
        (47, 37, "true eller false"),
    ),
    "a comma in a bare text": (
        "{label: S+P}",
        "{label: S+P, note: kjent, men ikke sikkert}",
        (47, 41, "må stå i hermetegn"),
    ),
    "another version": ("version: 1", "version: 2", (1, 10, "«2» kan ikke brukes her")),
    "a part of the file missing": (
        "sources:\n  S: {title: En kilde}\n",
        "",
        (1, 1, "«sources» mangler"),
    ),
    "an alias": (
        "areas: [skole]\n    kind: import",
        "areas: &a [skole]\n    audience: *a",
        (24, 15, "&"),
    ),
    "two documents": ("deliverables:", "---\ndeliverables:", (20, 1, "Fjern linjen med ---.")),
    "a tab": ("    kind: import", "\tkind: import", (24, 1, "tabulator")),
    "a quotation mark left open": ('"42": {name', '"42: {name', (4, 4, "YAML-en kan ikke leses")),
    "a control character": (
        "En import\n",
        "En\x07import\n",
        (22, 13, "et tegn som ikke kan brukes"),
    ),
}
