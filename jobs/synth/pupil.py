"""One pupil's lines of an extract, open to change."""

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(slots=True)
class Pupil:
    """One pupil's lines, open to change; `rule` marks what the change must break."""

    rule: str
    county: str
    year: str
    elev: list[Row]
    kurs: list[Row]
    fag: list[Row]

    @property
    def lines(self) -> list[Row]:
        return [*self.elev, *self.kurs, *self.fag]

    def blame(self, *rows: Row) -> None:
        for row in rows:
            row["regel"] = self.rule

    def day(self, month_and_day: str) -> str:
        return self.year + month_and_day

    def leave(self, day: str) -> None:
        """Break the course and all its subjects off, as it should be done."""
        self.kurs[0] |= {"avbruddsdato": day, "avbruddsarsak": "FV", "fullfortkode": "S"}
        for row in self.fag:
            row |= {"avbruddsdato": day, "fagstatus": "S"}
