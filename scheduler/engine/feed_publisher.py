"""Feed publisher: builds the feeds again after something changed, beside the tick and not in it.

Building takes seconds and may fail (a full disk); neither may hold up a deadline.
"""

import logging
from dataclasses import dataclass, field
from threading import Event

from sqlalchemy import Engine

from scheduler.feeds.building import build_feeds, feeds_stamp
from scheduler.feeds.store import FeedFault, publish_feeds
from scheduler.ledger.database import reading
from scheduler.ledger.read import current_calendar
from scheduler.settings import Settings

log = logging.getLogger(__name__)


@dataclass
class FeedPublisher:
    """Publishes when told or when the ledger shows that something changed, until it worked.

    Another node, a command or a county may have changed it, so each round asks the ledger for a
    stamp that is cheap to find.
    `fault` is a Norwegian sentence while the newest feeds could not be published.
    """

    settings: Settings
    database: Engine
    fault: str = ""
    _stale: Event = field(default_factory=Event)
    _stamp: tuple[object, ...] = ()

    def mark_stale(self) -> None:
        """Something a reader sees has changed."""
        self._stale.set()

    def publish_if_stale(self) -> None:
        """Build and swap in the feeds if anything changed since the last time it worked."""
        with reading(self.database) as session:
            stamp = feeds_stamp(session)
        if not self._stale.is_set() and stamp == self._stamp:
            return
        self._stale.clear()
        try:
            self._publish()
        except (FeedFault, OSError) as error:
            self._stale.set()
            self.fault = f"Kalenderfilene kunne ikke fornyes, de forrige gjelder: {error}"
            log.error("%s", self.fault, extra={"action": "feeds-fault"})  # noqa: TRY400 - told in full
        else:
            self.fault, self._stamp = "", stamp

    def _publish(self) -> None:
        with reading(self.database) as session:
            calendar = current_calendar(session)
            feeds = build_feeds(session, calendar, self.settings) if calendar else {}
        changed = publish_feeds(feeds, self.settings.feed_dir)
        log.info("feeds published: %d changed", len(changed), extra={"action": "feeds"})
