"""Feed files: their names on disk, known to who writes them and to who reads them."""

EVENTS = "hendelser.json"
TASKS = "oppgaver.json"
RECORDS = "frister.json"
CHANGES = "endringer.json"
TOKENS = "adresser.json"
SHELVES = (EVENTS, TASKS, RECORDS, CHANGES)
