"""Words: what the ledger's own codes are called to people."""

RUN_STATES = {
    "requested": "I kø",
    "running": "Pågår",
    "done": "Fullført",
    "refused": "Stoppet",
    "failed": "Feilet",
    "retrying": "Forsøkes på nytt",
    "cancelling": "Avbrytes",
    "cancelled": "Avbrutt",
}
ACTIONS = {
    "waive": "Fritak",
    "unwaive": "Fritak tatt tilbake",
    "nothing": "Ingenting å rapportere",
    "retry": "Nytt forsøk",
    "run": "Startet for hånd",
    "force": "Startet på tross",
    "cancel": "Avbrutt",
    "pause": "Satt på pause",
    "resume": "Pause avsluttet",
    "approve": "Godkjent",
    "approve-year": "Skoleår godkjent",
    "unapprove-year": "Godkjenning av skoleår tatt tilbake",
}
