"""Synthetic apprentices of one county: firms and offices, contracts that began last autumn, tests."""

from datetime import date

import polars as pl

from jobs.organisation import synthetic_organisations
from jobs.synth.draw import Draw
from jobs.synth.people import FEWEST, address, name, numbered, volume

TRADES = ("ELELE3----", "BATMF3----", "HSHEA3----", "HSBUA3----", "TPIND3----")
TYPES = {"L": 967, "O": 33}  # 3.3 % training contracts, per mille
APPRENTICES_PER_FIRM = 3
FIRMS_PER_OFFICE = 60
MONTHS = "24"
YOUNGEST, YEARS = 18, 4
# Per mille of the contracts: still running, ended by a passed test, broken off.
STAGES = {"running": 880, "passed": 90, "broken": 30}


def make_apprentices(
    county: str, period: str, _written: date, seed: int, share: float
) -> dict[str, pl.DataFrame]:
    """The frames of the county's contracts and firms in a school year ("20262027"), as text."""
    draw = Draw(f"{seed}/{county}/{period}/larlinger")
    autumn = int(period[:4])
    count = max(FEWEST, round(volume(county, "laerlinger") * share))
    firms = _firms(county, count, draw)
    people = pl.DataFrame({"nr": range(count)}).with_columns(
        fodselsar=autumn - YOUNGEST - draw.below(YEARS, "age"),
        navn=name(draw),
        ledd=pl.lit(0),
        eiernr=pl.col("nr") + firms["bedrift"].height + firms["kontor"].height,
        programomradekode=draw.choose(TRADES, "trade"),
        stadium=draw.weighted(STAGES, "stage"),
        bedriftsnr=pl.col("nr") // APPRENTICES_PER_FIRM,
        **address(draw, county),
    )
    people = numbered(people, county, seed, second_half=True).join(
        firms["bedrift"].select(
            bedriftsnr="nr", bedrift="organisasjonsnummer", opplaringskontor="medlem_av"
        ),
        on="bedriftsnr",
        maintain_order="left",
    )
    return firms | {
        "person": people,
        "kontrakt": _contracts(people, county, autumn, draw),
        "prove": _tests(people, autumn),
    }


def _contracts(people: pl.DataFrame, county: str, autumn: int, draw: Draw) -> pl.DataFrame:
    passed, broken = pl.col("stadium") == "passed", pl.col("stadium") == "broken"
    ended = pl.when(passed).then(pl.lit(f"{autumn}0901"))
    code = pl.when(passed).then(pl.lit("AB")).when(broken).then(pl.lit("FV"))
    return people.select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        "programomradekode",
        "bedrift",
        "opplaringskontor",
        kontraktsnummer=pl.format("{}-{}", pl.lit(county), pl.col("nr") + 1),
        hjemstedsfylke=pl.lit(county),
        kontraktstype=draw.weighted(TYPES, "type"),
        laretid_fra=pl.lit(f"{autumn - 1}0901"),
        laretid_til=pl.lit(f"{autumn + 1}0831"),
        netto_laretid=pl.lit(MONTHS),
        godkjent_dato=pl.lit(f"{autumn - 1}0820"),
        avsluttet_dato=ended.when(broken).then(pl.lit(f"{autumn}0615")),
        avslutningskode=code,
        ny_larling=pl.lit("J"),
        faglig_leder=pl.lit("J"),
    )


def _tests(people: pl.DataFrame, autumn: int) -> pl.DataFrame:
    return people.filter(stadium="passed").select(
        "eiernr",
        "ledd",
        "fodselsnummer",
        "programomradekode",
        "bedrift",
        provetype=pl.lit("F"),
        provenummer=pl.lit("1"),
        provekandidattype=pl.lit("L"),
        provestatus=pl.lit("G"),
        provedato=pl.lit(f"{autumn}0901"),
        proveresultat=pl.lit("B"),
    )


def _firms(county: str, apprentices: int, draw: Draw) -> dict[str, pl.DataFrame]:
    firms = -(-apprentices // APPRENTICES_PER_FIRM)
    offices = -(-firms // FIRMS_PER_OFFICE)
    organisations = _organisations(county, firms + offices).with_columns(
        ledd=pl.lit(0), eiernr="nr", godkjent_dato=pl.lit("20200101")
    )
    kontor = organisations.tail(offices).with_columns(
        navn=pl.format("Syntetisk opplæringskontor {}", pl.col("nr") - firms + 1),
        kontortype=pl.lit("K"),
    )
    office = pl.Series(kontor["organisasjonsnummer"])
    bedrift = organisations.head(firms).with_columns(
        navn=pl.format("Syntetisk bedrift {}", pl.col("nr") + 1),
        kommunenummer=pl.lit(f"{county}01"),
        medlem_av=draw.choose(office.to_list(), "office"),
    )
    each = pl.DataFrame({"programomradekode": TRADES})
    bedriftsfag = bedrift.drop("ledd").join(each, how="cross", maintain_order="left_right")
    ledd = pl.int_range(pl.len()).over("nr")
    return {
        "kontor": kontor,
        "bedrift": bedrift,
        "bedriftsfag": bedriftsfag.with_columns(ledd=ledd),
    }


def _organisations(county: str, count: int) -> pl.DataFrame:
    """The county's own numbers, in order: organisasjonsnummer, nr."""
    numbers = synthetic_organisations(30_000_000 + int(county) * 100_000, count)
    return pl.DataFrame({"organisasjonsnummer": numbers}).with_columns(nr=pl.int_range(pl.len()))
