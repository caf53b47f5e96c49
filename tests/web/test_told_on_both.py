"""The pages of changes and notices say the same on SQLite and on PostgreSQL."""

from sqlalchemy.orm import Session

from tests.web import changed, seed
from tests.web.test_pages import text_of


def test_the_pages_say_what_was_published_and_answered(seeded):
    config, database = seeded
    changed.send(database)
    number = changed.move(database).number
    changed.answer(database, number, "03")
    with Session(database) as session:
        (token,) = changed.tokens(session, number, "46")
    site = seed.create_site(config)
    client = site.test_client()
    try:
        assert client.post(f"/kvitter/{token}", data={"hvem": "Kontoret"}).status_code == 303
        for address, words in (
            ("/endringer?omrade=skole&fylke=46", "2 av 15 fylker har kvittert."),
            (f"/endringer/{number}", "Vestland Kvittert 27.10.2026 kl. 12.30"),
            ("/varsler?fylke=46&side=1", "Vet ikke om den kom fram"),
            ("/varsler/neste-uke?fylke=46", "Tilbakemelding fra SSB på ssbElev"),
            ("/fylke/46?per=2026-10-18", "15.02.2027 foreslått dato samme dag"),
            (f"/forekomst/{changed.moved_key('46')}", "19.10.2026 kl. 10.00: flyttet"),
            ("/skolear/2027-2028", "venter på to godkjenninger"),
            ("/tavle", "For én melding vet vi ikke om den kom fram."),
        ):
            assert words in text_of(client, address), address
    finally:
        site.extensions["aarshjul"].engine.dispose()
