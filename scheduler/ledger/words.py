"""Words: what the ledger's own codes are called to people."""

RUN_STATES = {
    "requested": "I kø",
    "running": "Pågår",
    "sent": "Sendt, ikke bekreftet",
    "done": "Fullført",
    "refused": "Stoppet",
    "failed": "Feilet",
    "retrying": "Forsøkes på nytt",
    "cancelling": "Avbrytes",
    "cancelled": "Avbrutt",
}
NODE_STATES = {
    "living": "Går",
    "silent": "Svarer ikke",
    "stopped": "Stoppet",
}
REHEARSAL_STATES = {
    "requested": "I kø",
    "running": "Pågår",
    "passed": "Bestått",
    "failed": "Feilet",
}
REHEARSAL_FOUND = {
    "ok": "I orden",
    "waits": "Kunne ikke prøves ennå",
    "failed": "Feilet",
}
ACTIONS = {
    "waive": "Fritak",
    "unwaive": "Fritak tatt tilbake",
    "nothing": "Ingenting å rapportere",
    "retry": "Nytt forsøk",
    "run": "Startet for hånd",
    "force": "Startet på tross",
    "missed": "Fristen gikk ut",
    "received": "Mottakeren har leveringen",
    "resend": "Sendt på nytt",
    "forwarded": "Videresendt",
    "slip": "Kvittering gjort opp",
    "feedback": "Tilbakemelding tatt inn",
    "explain": "Tilbakemelding begrunnet",
    "cancel": "Avbrutt",
    "pause": "Satt på pause",
    "resume": "Pause avsluttet",
    "approve": "Godkjent",
    "approve-year": "Skoleår godkjent",
    "propose": "Endring av kalenderen foreslått",
    "publish": "Endring av kalenderen publisert",
    "unpropose": "Forslag om kalenderen trukket tilbake",
    "unapprove-year": "Godkjenning av skoleår tatt tilbake",
}
