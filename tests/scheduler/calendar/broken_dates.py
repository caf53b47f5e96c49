"""Ways to break a date: see broken.py."""

from tests.scheduler.calendar.right import DUE, LATER

DATES = {
    "unknown row to count from": (
        "after: en-import",
        "after: en-inport",
        (41, 18, "Mente du «en-import»?"),
    ),
    "31 February": (DUE, "due: {date: 31. februar}", (30, 17, "31. februar finnes ikke")),
    "31 November": (DUE, "due: {date: 31. november}", (30, 17, "november har høyst 30 dager")),
    "29 February": (DUE, "due: {date: 29. februar}", (30, 17, "finnes bare i skuddår")),
    "day nought": (DUE, "due: {date: 0. mai}", (30, 17, "0. mai finnes ikke")),
    "misspelt month": (DUE, "due: {date: 15. oktobr}", (30, 17, "Mente du «oktober»?")),
    "a date by numbers": (
        DUE,
        "due: {date: 15.10.2026}",
        (30, 17, "Skriv for eksempel 24. oktober."),
    ),
    "fifth Monday of February": (
        DUE,
        "due: {weekday: mandag, nth: 5, month: februar}",
        (30, 5, "5. mandag i februar finnes ikke hvert år"),
    ),
    "misspelt weekday": (
        DUE,
        "due: {weekday: madnag, nth: 1, month: mai}",
        (30, 20, "Mente du «mandag»?"),
    ),
    "working day nought": (DUE, "due: {working_day: 0, month: mai}", (30, 5, "kan ikke være 0")),
    "working day forty": (DUE, "due: {working_day: 40, month: mai}", (30, 24, "må være høyst 15")),
    "a number in letters": (
        DUE,
        "due: {working_day: første, month: mai}",
        (30, 24, "et helt tall, ikke «første»"),
    ),
    "unknown shift": (
        "oktober, shift: preceding",
        "oktober, shift: before",
        (30, 37, "Velg blant:"),
    ),
    "no rule": (DUE, "due: {shift: none}", (30, 5, "Regelen for fristen mangler.")),
    "two rules": (
        DUE,
        "due: {date: 1. mai, weekly: mandag}",
        (30, 25, "«weekly» er ikke et felt her"),
    ),
    "weeks across two school years": (
        DUE,
        "due: {weekly: mandag, from: 1. juni, to: 1. september}",
        (30, 5, "krysser 1. august"),
    ),
    "no distance": (LATER, "due: {after: en-import}", (41, 5, "enten «days» eller «working_days»")),
    "counted from a row with many dates": (
        DUE,
        "due: {dates: [1. oktober, 2. oktober]}",
        (41, 18, "har flere frister i året"),
    ),
    "counted from a row without a date": (
        DUE,
        "when: høsten\n    activity: info",
        (42, 18, "har ingen frist"),
    ),
    "counted from a reference date that is a text": (
        LATER,
        "due: {after: reference_date, days: 1}",
        (33, 3, "«reference_date» er ikke en dag i året"),
    ),
    "offsets in a ring": (
        DUE,
        "due: {after: en-levering, days: 7}",
        (30, 18, "i ring: en-import → en-levering → en-import"),
    ),
    "a reference date that moves": (
        "reference_date: 1. oktober",
        "reference_date: {date: 1. oktober, shift: following}",
        (29, 5, "En telledato flyttes aldri"),
    ),
    "a reference date that is no day": (
        "reference_date: 1. oktober",
        "reference_date: 31. april",
        (29, 21, "31. april finnes ikke"),
    ),
    "neither date nor text": (f"    {DUE}\n", "", (21, 3, "enten «due»")),
    "in use without a date": (DUE, "when: høsten", (21, 3, "er i bruk, men har ingen «due»")),
    "night time": ('time: "23:59"', 'time: "00:30"', (33, 3, "mellom 00:00 og 04:00")),
    "no time of day": ('time: "23:59"', 'time: "25:00"', (42, 11, "er ikke et klokkeslett")),
    "stage of a recurring row": (
        DUE,
        "due: {dates: [1. oktober, 2. oktober]}\n    stage: first",
        (21, 3, "Fjern «stage»"),
    ),
    "confirmed in another school year": (
        "school_year: 2023-2024",
        "school_year: 2024-2025",
        (46, 9, "ligger i skoleåret 2023-2024, ikke i 2024-2025"),
    ),
    "no school year": ("2023-2024", "2023-24", (46, 23, "er ikke et skoleår")),
    "confirmed on no date": (
        "24. oktober 2023",
        "31. november 2023",
        (46, 45, "finnes ikke i kalenderen"),
    ),
    "confirmed without a year": (
        "24. oktober 2023",
        "24. oktober",
        (46, 45, "en dato med årstall"),
    ),
    "announced for a stage the row lacks": (
        "announced: 24. oktober 2023",
        "stage: final, announced: 24. oktober 2023",
        (46, 41, "Raden har ikke trinnet «final» i 2023-2024."),
    ),
    "announced for no stage of a recurring row": (
        LATER,
        "due: {dates: [1. oktober, 2. oktober]}",
        (33, 3, "Skriv hvilket trinn hver dato gjelder"),
    ),
    "due before what must come first": (
        LATER,
        "due: {date: 14. oktober}",
        (44, 9, "«en-import» må være ferdig først, men har frist"),
    ),
    "announced for a day before what must come first": (
        "announced: 24. oktober 2023",
        "announced: 12. oktober 2023",
        (44, 9, "har frist fredag 13. oktober 2023, etter denne raden (torsdag 12. oktober 2023)"),
    ),
    "announced twice": (
        "announced: 24. oktober 2023, source: S}",
        (
            "announced: 24. oktober 2023, source: S}\n"
            "      - {school_year: 2023-2024, announced: 25. oktober 2023, source: S}"
        ),
        (47, 9, "en annen kunngjort dato"),
    ),
    "announced for a row without a rule": (
        LATER,
        "when: høsten\n    activity: info",
        (33, 3, "men ingen «due» som de kan gå foran"),
    ),
    "a delivery in an empty month": (
        LATER,
        "due: {date: 24. april}",
        (41, 10, "Udir skal ikke ha noe i april"),
    ),
    "moved into an empty month by its shift": (
        LATER,
        "due: {date: 31. juli, shift: following}",
        (41, 10, "men Udir skal ikke ha noe i august"),
    ),
    "an exception nobody needs": (
        "    evidence: {label: S, sources: [S]}\ndel",
        (
            "    evidence: {label: S, sources: [S]}\n    exceptions:\n"
            "      - {deliverable: en-import, month: mai, reason: Ingen}\ndel"
        ),
        (21, 9, "så unntaket trengs ikke"),
    ),
    "closed for ever": (
        "  - {name: Julaften, date: 24. desember}",
        "  - {name: Stengt, from: 1. januar 2026, to: 31. desember 2026}",
        (15, 5, "vare høyst 60 dager"),
    ),
    "closed so long that no day is left": (
        "  - {name: Julaften, date: 24. desember}",
        (
            "  - {name: Stengt, from: 1. september 2026, to: 28. oktober 2026}\n"
            "  - {name: Stengt, from: 10. august 2026, to: 31. august 2026}"
        ),
        (31, 10, "Fristen finner ingen arbeidsdag."),
    ),
    "a closure without days": (
        "date: 24. desember}",
        "from: 24. desember 2026}",
        (15, 5, "både «from» og «to»"),
    ),
    "both kinds of opening": (
        "    description: En import.",
        "    description: En import.\n    opens: 1. mai\n    opens_days: 3",
        (21, 3, "enten «opens» eller «opens_days»"),
    ),
}
