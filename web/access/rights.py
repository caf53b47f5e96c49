"""Rights: the one table of who may use which address; what is not in it is shut to everybody.

The gate (`web.access.gate`) holds every request against it. Who is named here by role must be signed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scheduler.access.roles import OPERATE, Role


class By(StrEnum):
    """What opens an address."""

    ANYBODY = "anybody"  # shows no person, and nothing from which one can be told
    ADDRESS = "address"  # the long random word in it, as the letters carry it
    KEY = "key"  # an API key, asked for by the API's own gate
    SIGN_IN = "sign-in"  # an account, with whatever roles
    ROLE = "role"


class Form(StrEnum):
    """Where what is posted to an address comes from."""

    OURS = "ours"  # a form of this site: the gate checks its token
    LARGE = "large"  # the same, but the view reads it and checks
    LETTER = "letter"  # also a mail program's own button, which has seen no page of ours


@dataclass(frozen=True, slots=True)
class Right:
    """Who may use an address; `scope` is the part of it that says whose matter it is.

    A role of one county holds only for its own.
    """

    by: By
    roles: frozenset[Role] = frozenset()
    scope: str = ""
    form: Form = Form.OURS

    def scope_of(self, parts: Mapping[str, Any] | None) -> str | None:
        """The county (or "national") that an address with these parts is about; None for no one's."""
        return str((parts or {})[self.scope]) if self.scope else None


ANYBODY, ADDRESS, KEY, SIGN_IN = (
    Right(By.ANYBODY),
    Right(By.ADDRESS),
    Right(By.KEY),
    Right(By.SIGN_IN),
)
DELIVER = OPERATE | {Role.COUNTY}
STAFF = frozenset(Role)
FOLLOW_UP = OPERATE | {Role.OT}
# Another text of the calendar is proposed by one administrator and published by another.
FOLLOW_CALENDAR = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
# Those with a protected address are for whom a county has named, and not for those who run the service.
PROTECTED = frozenset({Role.OT_PROTECTED})


def _each(right: Right, endpoints: Iterable[str]) -> dict[str, Right]:
    return dict.fromkeys(endpoints, right)


RIGHTS: dict[str, Right] = {
    **_each(ANYBODY, ("static", "openapi", "public.robots", "public.favicon")),
    **_each(ANYBODY, ("health.page", "health.report", "metrics.report")),
    **_each(
        ANYBODY,
        (
            "pages.front",
            "pages.wheel_svg",
            "selected.front",
            "api_page.page",
            "selected.file",
            "month.current",
            "month.page",
            "pages.board",
            "statistics.page",
            "pages.county",
            "pages.deliverable",
            "pages.occurrence",
            "pages.subscribe",
            "pages.about",
            "guides.glossary",
            "guides.accessibility",
            "guides.operator",
            "guides.county",
            "planning.index",
            "poster.poster",
            "changes.index",
            "changes.version",
            "notices.index",
            "notices.coming_week",
            "rollover.page",
            "operating.page",
            "cards.page",
            "cards.pdf",
            "cards.facts",
        ),
    ),
    **_each(ANYBODY, ("sign_in.page", "sign_in.enter", "sign_in.go", "sign_in.answer")),
    **_each(SIGN_IN, ("sign_in.account", "sign_in.leave")),
    **_each(
        ADDRESS,
        (
            "acknowledge.page",
            "acknowledge.answer",
            "answer.page",
            "answer.act",
            "letters.fewer",
            "letters.arrived",
            "letters.confirm",
        ),
    ),
    "letters.choose": Right(By.ADDRESS, form=Form.LETTER),
    # Single lines of a county's file, by school: few enough to tell a pupil from.
    **_each(Right(By.ROLE, DELIVER, scope="number"), ("quality.page", "quality.lines")),
    # The cards are open one by one; a whole year of them is minutes of work.
    "cards.year": Right(By.ROLE, OPERATE),
    "cards.year_of_county": Right(By.ROLE, DELIVER, scope="number"),
    # Counts with the small ones hidden in each table; but the country's less the other counties' is a
    # county's, and what it tells is about young people who are out of school.
    "ot.index": Right(By.ROLE, STAFF),
    # Persons: of one's own county, each read written down.
    **_each(
        Right(By.ROLE, FOLLOW_UP | PROTECTED, scope="number"),
        ("persons.index", "persons.purpose", "persons.person"),
    ),
    "persons.listing": Right(By.ROLE, FOLLOW_UP, scope="number"),
    "persons.protected": Right(By.ROLE, PROTECTED, scope="number"),
    "person_reads.page": Right(By.ROLE, frozenset({Role.ADMINISTRATOR})),
    **_each(
        Right(By.ROLE, FOLLOW_CALENDAR),
        ("proposals.index", "proposals.page", "calendar_row.page", "calendar_section.page"),
    ),
    **_each(
        Right(By.ROLE, frozenset({Role.ADMINISTRATOR})),
        (
            "proposals.settle",
            "calendar_row.change",
            "calendar_row.move",
            "calendar_row.end",
            "calendar_new.page",
            "calendar_new.propose",
            "calendar_section.change",
        ),
    ),
    "upload.page": Right(By.ROLE, DELIVER),
    "upload.form": Right(By.ROLE, DELIVER, scope="sender"),
    "upload.send": Right(By.ROLE, DELIVER, scope="sender", form=Form.LARGE),
    "feedback.form": Right(By.ROLE, DELIVER, scope="scope"),
    "feedback.take": Right(By.ROLE, DELIVER, scope="scope", form=Form.LARGE),
    **_each(
        Right(By.ROLE, OPERATE),
        (
            "operating.begin",
            "operating.end",
            "channels.page",
            "channels.settle",
            "deeds.page",
            "deeds.act",
            # A reason lets a warning past, as an approval does.
            "feedback.line",
            "feedback.explain",
        ),
    ),
    **_each(
        ANYBODY,
        (
            "api.occurrences",
            "api.occurrence",
            "api.counties",
            "api.areas",
            "api.roles",
            "api.deliverables",
            "api.deliverable",
            "api.pauses",
            "api.inbox_list",
            "api.slack_of",
            "api.days_of",
            "api.preview",
            "api.cycle_list",
            "api.cycle_standing",
            "api.notices",
            "api.messages",
            "api.version_list",
            "api.version",
            "api.version_changes",
            "api.changes",
            "api.seen_then",
        ),
    ),
    **_each(
        KEY,
        (
            "api.acknowledge_notice",
            "api.nothing_to_report",
            "api.silence",
            "api.compare",
            "api.deliver",
            "api.deliveries",
            "api.feed_addresses",
            "api.make_feed_address",
            "api.take_back",
            "api.begin_pause",
            "api.end_pause",
            "api.do_deed",
        ),
    ),
}
