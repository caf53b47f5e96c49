"""Same: a calendar known by being itself, so that what follows from it is worked out once."""

from scheduler.calendar.model import Calendar


class Same:
    """Equal to none but the same calendar: a key to keep by, without a look into it."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar

    def __hash__(self) -> int:
        return id(self.calendar)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.calendar is self.calendar
