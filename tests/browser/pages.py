"""The pages of the seeded site that the browser opens: as anybody, and as those who run the service."""

from scheduler.access.roles import Role
from tests.web.seed import delivery_key, forwarding_key

PAGES = {
    "forside": "/",
    "tavle": "/tavle",
    "tavle-alt": "/tavle?vis=alle",
    "statistikk": "/statistikk",
    "statistikk-fylke": "/statistikk?fylke=46",
    "maned": "/maaned/2026-10",
    "maned-jul": "/maaned/2026-12?fylke=46",
    "fylke": "/fylke/34",
    "rad": "/frist/stat-ssbelev-l1",
    "forekomst-stoppet": f"/forekomst/{delivery_key('34')}",
    "forekomst-levert": f"/forekomst/{delivery_key('46')}",
    "forekomst-videresending": f"/forekomst/{forwarding_key()}",
    "kort-levert": f"/kort/{delivery_key('46')}",
    "kort-stoppet": f"/kort/{delivery_key('34')}",
    "endringer": "/endringer",
    "endring": "/endringer/2",
    "varsler": "/varsler",
    "varsler-neste-uke": "/varsler/neste-uke?fylke=46",
    "skolear": "/skolear/2027-2028",
    "fylke-da": "/fylke/46?per=2026-10-18",
    "planlegging": "/planlegging",
    "planlegging-fylke": "/planlegging?fylke=46",
    "drift-apen": "/drift",
    "helse": "/helse",
    "abonner": "/abonner",
    "logg-inn": "/logg-inn",
    "om": "/om",
    "api": "/api",
    "ordliste": "/ordliste",
    "tilgjengelighet": "/tilgjengelighet",
    "veiledning-drift": "/veiledning/drift",
    "veiledning-fylke": "/veiledning/fylke",
    "finnes-ikke": "/finnes-ikke",
}
FOR_THE_KNOWN = {
    "kvalitet": "/kvalitet/34/skole-off-telling-okt",
    "drift": "/drift",
    "kanaler": "/drift/kanaler",
    "styr": f"/drift/frist/{delivery_key('39')}",
    "styr-videresending": f"/drift/frist/{forwarding_key()}",
    "tilbakemelding": f"/tilbakemelding/{delivery_key('46')}",
    "tilbakemelding-linje": f"/tilbakemelding/{delivery_key('46')}/3/2",
    "oppfolging": "/ot",
    "oppfolging-fylke": "/ot?fylke=46",
    "avsendere": "/lever",
    "lever": "/lever/46",
    "konto": "/konto",
}
FOR_ADMINISTRATORS = {
    "kalender": "/drift/kalender",
    "kalender-rad": "/drift/kalender/rad/skole-off-telling-okt",
    "kalender-ny": "/drift/kalender/ny?omrade=skole",
    "kalender-del": "/drift/kalender/del/parties",
    "kalender-forslag": "/drift/kalender/forslag/1",
    "lesninger": "/drift/lesninger",
}
# Name, path, and whether one must have signed in to see it: as an operator (True), or in a role.
NAMED = [
    *((name, path, False) for name, path in PAGES.items()),
    *((name, path, True) for name, path in FOR_THE_KNOWN.items()),
    *((name, path, Role.ADMINISTRATOR) for name, path in FOR_ADMINISTRATORS.items()),
]
EVERY = [(path, known) for _, path, known in NAMED]
