"""Small controlled frames and synthetic identity numbers, made by arithmetic."""

from datetime import date

import polars as pl

SKOLEAR = "20262027"
_K1 = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def identity_number(n: int) -> str:
    """The n-th synthetic number (month + 80) of 1 January 2009 that has check digits."""
    return _NUMBERS[n]


def _numbers():
    for serial in range(500, 1000):
        digits = [int(d) for d in f"018109{serial}"]
        for weights in (_K1, _K2):
            rest = sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
            digits.append((11 - rest) % 11)
        if 10 not in digits:
            yield "".join(map(str, digits))


_NUMBERS = list(_numbers())

ELEV = {
    "linje": pl.UInt32,
    "fodselsnummer": pl.String,
    "navn": pl.String,
    "adresse": pl.String,
    "postnummer": pl.String,
    "kommunenummer": pl.String,
    "morsmal": pl.String,
}
KURS = {
    "linje": pl.UInt32,
    "fodselsnummer": pl.String,
    "skolear": pl.String,
    "skolenummer": pl.String,
    "programomradekode": pl.String,
    "klasse": pl.String,
    "startdato": pl.Date,
    "avbruddsdato": pl.Date,
    "avbruddsarsak": pl.String,
    "fullfortkode": pl.String,
    "fravar_dager": pl.Int64,
    "fravar_timer": pl.Int64,
    "rettstype": pl.String,
    "voksen": pl.String,
    "malform": pl.String,
    "sersprak": pl.String,
    "elevstatus": pl.String,
}
FAG = {
    "linje": pl.UInt32,
    "fodselsnummer": pl.String,
    "skolear": pl.String,
    "skolenummer": pl.String,
    "programomradekode": pl.String,
    "fagkode": pl.String,
    "termin1": pl.String,
    "termin2": pl.String,
    "standpunkt": pl.String,
    "skriftlig": pl.String,
    "muntlig": pl.String,
    "annen": pl.String,
    "eksamensform": pl.String,
    "fagstatus": pl.String,
    "startdato": pl.Date,
    "avbruddsdato": pl.Date,
    "timer": pl.Int64,
    "eksamenstermin": pl.String,
    "fagmerknad": pl.String,
    "rkv_dato": pl.Date,
}
VIOLATIONS = {
    "regel": pl.String,
    "alvor": pl.String,
    "linje": pl.UInt32,
    "linjetype": pl.String,
    "skolenummer": pl.String,
    "felt": pl.String,
    "forklaring": pl.String,
}
QUARANTINED = {"linje": pl.UInt32, "raw": pl.String, "regler": pl.String, "eier": pl.String}


def _frame(rows, schema):
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def pupils(count=20, county="46", changes=None, extra_subjects=()):
    """(elev, kurs, fag): `count` pupils with two subjects each; `changes` maps n to kurs values."""
    elev, kurs, fag = [], [], []
    line = 1
    for n in range(count):
        key = {
            "fodselsnummer": identity_number(n),
            "skolear": SKOLEAR,
            "skolenummer": f"{county}00{1 + n % 3}",
            "programomradekode": "STUSP1----",
        }
        line += 1
        elev.append(
            {
                "linje": line,
                "fodselsnummer": key["fodselsnummer"],
                "navn": f"Øst-Ås, Prøve{n}",
                "kommunenummer": f"{county}01",
            }
        )
        line += 1
        base = {"linje": line, "klasse": "1STA", "elevstatus": "E", "startdato": None}
        kurs.append({**key, **base, **(changes or {}).get(n, {})})
        for fagkode in ("NOR1260", "MAT1019", *extra_subjects):
            line += 1
            fag.append(
                {**key, "linje": line, "fagkode": fagkode, "fagstatus": "E", "timer": 113}
                | {"startdato": date(2026, 8, 17)}
            )
    return _frame(elev, ELEV), _frame(kurs, KURS), _frame(fag, FAG)


def violations(*rows):
    return _frame(rows, VIOLATIONS)


def quarantined(*rows):
    return _frame(rows, QUARANTINED)
