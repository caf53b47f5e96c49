"""What derived columns of every kind of file are made with: the field checks' columns, keys, parents."""

import polars as pl

FIELD_COLUMNS = {
    "linje": "linjenummeret i filen",
    "felt_mangler": "første obligatoriske felt som er tomt",
    "felt_form": "første felt med feil lengde eller type",
    "felt_kode": "første felt med en kode utenfor kodelisten, slik den gjelder i perioden",
    "felt_kode_streng": "første felt med fullførtkode eller karakter utenfor kodelisten",
}
KEYED = FIELD_COLUMNS | {
    "antall_like": "antall linjer av samme slag med samme nøkkel",
    "felt_nokkel": "feltet som skiller linjen fra de andre",
}
BELOW = KEYED | {"har_forelder": "linjen over, med samme nøkkel, står i filen"}


def known(columns: tuple[str, ...]) -> pl.Expr:
    """Whether every part of a key is there."""
    return pl.all_horizontal(pl.col(columns).is_not_null())


def count_of_same(key: tuple[str, ...], *also: str) -> pl.Expr:
    """Count the lines with the same key; null when a part of the key is missing."""
    return pl.when(known(key)).then(pl.len().over(*key, *also))


def keyed(frame: pl.DataFrame, *key: str) -> pl.DataFrame:
    """Count the lines with the same key (see KEYED)."""
    return frame.with_columns(antall_like=count_of_same(key), felt_nokkel=pl.lit(key[-1]))


def below(frame: pl.DataFrame, parents: pl.DataFrame, *key: str) -> pl.DataFrame:
    """Find out whether the lines' parents are in the file (see BELOW)."""
    found = parents.select(*key, funnet=True).unique(key)
    has_parent = pl.when(known(key)).then(pl.col("funnet").fill_null(value=False))
    joined = frame.join(found, on=list(key), how="left", maintain_order="left")
    return joined.with_columns(har_forelder=has_parent).drop("funnet")


def placed(frame: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Find the county and the series that the school register gives the line's school."""
    register = schools.select("skolenummer", skole_fylke="fylkesnummer", skole_serie="serie")
    return frame.join(register, on="skolenummer", how="left", maintain_order="left")
