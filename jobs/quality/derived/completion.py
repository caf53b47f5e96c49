"""Completion: how a file's completion codes are spread, beside last year's, in groups of some size."""

import polars as pl

SPREAD = "fordeling"  # the frame of rules about the whole file's groups; they set nobody aside
CODE = "fullfortkode"
COUNTED = {"skolenummer": pl.String, "programomradekode": pl.String, CODE: pl.String}
COUNTS = {**COUNTED, "antall": pl.Int64}
PROGRAMME = pl.col("programomradekode").str.head(2)
GROUPS = {
    "skole": pl.col("skolenummer"),
    "utdanningsprogram": PROGRAMME,
    "programområde": pl.col("programomradekode"),
}

VOCABULARY = {
    SPREAD: {
        "linje": "tom: bruddet gjelder ikke en linje",
        "linjetype": "EK",
        "skolenummer": "skolen, når gruppen er en skole",
        "elever": "antall elevkurs i gruppen i filen",
        "elever_i_fjor": "antall elevkurs i gruppen i registeret for forrige skoleår",
        "avvik": "kodens andel i filen minus andelen i fjor, i prosentpoeng",
        "avvik_tekst": "gruppen, koden og begge andelene",
    },
}


def completion_part(kurs: pl.DataFrame) -> pl.DataFrame:
    """Count the courses of a part of a file: the columns of COUNTS."""
    return kurs.group_by(list(COUNTED)).agg(antall=pl.len().cast(pl.Int64))


def derive_completion(counts: pl.DataFrame, last_year: pl.DataFrame) -> pl.DataFrame:
    """Hold each code's share in each group against last year's; both frames have COUNTS."""
    return pl.concat(
        _compared(name, _shares(counts, group), _shares(last_year, group))
        for name, group in GROUPS.items()
    )


def _shares(counts: pl.DataFrame, group: pl.Expr) -> pl.DataFrame:
    """Gruppe, kode, andel in per cent and elever of the group."""
    summed = counts.group_by(gruppe=group, kode=CODE).agg(pl.col("antall").sum())
    everyone = pl.col("antall").sum().over("gruppe")
    return summed.select("gruppe", "kode", andel=100 * pl.col("antall") / everyone, elever=everyone)


def _compared(name: str, now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Every code of the groups that there are in both years, by group and code."""
    both = now.join(before, on=["gruppe", "kode"], how="full", coalesce=True, suffix="_i_fjor")
    size = pl.col("elever", "elever_i_fjor").max().over("gruppe")
    known = both.with_columns(size, pl.col("andel", "andel_i_fjor").fill_null(0.0)).drop_nulls()
    text = pl.format(
        f"{name} {{}}, kode {{}}: {{}} % mot {{}} % i fjor",
        *("gruppe", "kode"),
        *(pl.col(share).round().cast(pl.Int64) for share in ("andel", "andel_i_fjor")),
    )
    school = pl.col("gruppe") if name == "skole" else pl.lit(None, pl.String)
    return known.sort("gruppe", "kode").select(
        "elever",
        "elever_i_fjor",
        linje=pl.lit(None, pl.UInt32),
        linjetype=pl.lit("EK"),
        skolenummer=school,
        avvik=pl.col("andel") - pl.col("andel_i_fjor"),
        avvik_tekst=text,
    )
