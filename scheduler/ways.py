"""Ways: the installation's file of channels, held against the receivers of the calendar."""

from collections.abc import Mapping

from jobs.channels.configuration import ChannelsError, Https, Outbox, Sftp, read_ways
from scheduler.calendar import CalendarError, load_calendar
from scheduler.calendar.words import nearest
from scheduler.settings import PREFIX, Settings, SettingsError

Way = Outbox | Sftp | Https


def ways(settings: Settings) -> Mapping[str, Way]:
    """Receiver -> its way; raises SettingsError for a file that is wrong, or names no receiver of ours.

    A name that is spelled wrong would else leave the receiver's deliveries in the plain outbox.
    """
    try:
        found = read_ways(settings.channels)
    except ChannelsError as error:
        raise SettingsError(f"{PREFIX}CHANNELS: {error}") from error
    known = parties(settings) if found else ()
    for receiver in found:
        if known and receiver not in known:
            raise SettingsError(
                f"{PREFIX}CHANNELS: «{receiver}» er ingen mottaker i årshjulet.{nearest(receiver, known)}"
            )
    return found


def parties(settings: Settings) -> list[str]:
    """The receivers of the calendar's file; none while it cannot be read, which the tick tells."""
    try:
        return list(load_calendar(settings.calendar).parties)
    except CalendarError:
        return []


def in_words(way: Way | None) -> str:
    match way:
        case None:
            return "utboksen, uforseglet; det at filene ligger der, er kvitteringen"
        case Sftp():
            return f"sftp til {way.account}@{way.host}:{way.port}{way.folder}, kvitteringer i {way.receipts}"
        case Https():
            return f"https til {way.url}"
        case _:
            return "utboksen, forseglet; mottakeren henter og kvitterer"
