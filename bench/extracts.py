"""Extracts for the measurements: a whole country, and what differs a little from it."""

from collections.abc import Callable, Iterable
from pathlib import Path

from bench.one_import import CYCLE
from jobs.synth import DEFECTS, Scale, write_extract, write_national

EVERY = 50  # one pupil in fifty has a new address: 2 %
SCHOOL, ADDRESS = 3, 3  # places on $EK and $EL, the record type being 0


def national(path: Path) -> int:
    """The whole country with defects; return its lines."""
    return write_national(path, CYCLE, scale=Scale.NATIONAL, defects=DEFECTS)


def written_later(path: Path, source: Path) -> None:
    """The same lines under a header with another date: another file, nothing new in it."""
    with source.open("rb") as read, path.open("wb") as write:
        write.write(read.readline().replace(b";20261005;", b";20261006;"))
        while chunk := read.read(1 << 20):
            write.write(chunk)


def county(path: Path, number: str) -> None:
    """A county's lines as in the national file, two pupils in a hundred with a new address."""
    whole = path.with_suffix(".whole")
    write_extract(whole, number, CYCLE, scale=Scale.COUNTY)
    _rewrite(path, whole, _moved)


def school(path: Path, number: str) -> None:
    """The county file's lines of one school, with the same changes."""
    whole = path.with_suffix(".county")
    county(whole, number[:2])
    _rewrite(path, whole, lambda lines: _of_school(list(lines), number))


def _rewrite(path: Path, source: Path, change: Callable[[Iterable[str]], Iterable[str]]) -> None:
    head, *lines = source.read_text(encoding="utf-8").splitlines()
    changed = list(change(lines))
    kind, _count, *rest = head.split(";")
    text = "\r\n".join([";".join([kind, str(len(changed)), *rest]), *changed]) + "\r\n"
    path.write_text(text, encoding="utf-8", newline="")


def _moved(lines: Iterable[str]) -> Iterable[str]:
    pupils = 0
    for line in lines:
        pupils += line.startswith("$EL")
        if line.startswith("$EL") and pupils % EVERY == 0:
            fields = line.split(";")
            fields[ADDRESS] = "Flytteveien 1"
            yield ";".join(fields)
        else:
            yield line


def _of_school(lines: list[str], number: str) -> Iterable[str]:
    courses = [line.split(";") for line in lines if line.startswith("$EK")]
    there = {course[1] for course in courses if course[SCHOOL] == number}
    elsewhere = {course[1] for course in courses if course[SCHOOL] != number}
    wanted = there - elsewhere
    return [line for line in lines if line.split(";", 2)[1] in wanted]
