"""Words: what messages, their states and their channels are called to people."""

MESSAGE_KINDS = {
    "notice": "Endret frist",
    "reminder": "Påminnelse",
    "digest": "Ukesoversikt",
    "escalation": "Varslet videre",
    "receipt": "Kvittering",
    "warning": "Advarsel",
    "test": "Prøvemelding",
}
MESSAGE_STATES = {
    "planned": "Skal sendes",
    "sending": "Sendes nå",
    "sent": "Sendt",
    "unknown": "Vet ikke om den kom fram",
    "failed": "Gitt opp",
    "withheld": "Ikke sendt, var ikke lenger sann",
}
CHANNELS = {"email": "E-post", "teams": "Teams", "webhook": "Webhook"}
