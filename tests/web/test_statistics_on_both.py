"""What the page of statistics reads for many deliveries at once is the same on SQLite and on PostgreSQL."""

from sqlalchemy.orm import Session

from tests.web import seed
from tests.web.cards_seeded import LATER, MANIFEST_SHA, sent
from tests.web.statistics_shown import plain, row
from tests.web.test_cards_feedback import OF, feedback_line
from tests.web.test_statistics_facts import FIRST, pass_on

FINAL, FORWARDING = (
    "ssbElev pr. 01.10, endelig levering",
    "IST videresender filene til Udir, 26. oktober",
)


def test_sendings_feedback_and_forwardings_are_read_alike(seeded):
    config, database = seeded
    with Session(database) as session, session.begin():
        outbound = sent(session, FIRST, speaks_for=OF)
        session.flush()
        for line, mended in ((1, None), (2, 1)):
            feedback_line(session, outbound, line, mended_by=mended, mended_at=mended and LATER)
    in_time = {seed.delivery_key(county): "" for county in (*seed.IN_TIME, "18")}
    pass_on(database, contents=in_time | {FIRST: MANIFEST_SHA})
    site = seed.create_site(config)
    client = site.test_client()
    try:
        of_county = "/statistikk?fylke=46"
        assert "åpne: 1, rettet: 1, begrunnet: 0" in plain(row(client, FINAL, of_county))
        assert "dette innholdet var med" in plain(row(client, FORWARDING, of_county))
        assert "Bekreftet videresendt 27.10.2026" in plain(row(client, FORWARDING))
    finally:
        site.extensions["aarshjul"].engine.dispose()
