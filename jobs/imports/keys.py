"""Keys: the fields that make a line one of its kind in a file, the owner of the line first."""

PERSON_NUMBER = "fodselsnummer"
PERSON_KEY = (PERSON_NUMBER,)
KURS_KEY = (*PERSON_KEY, "skolear", "skolenummer", "programomradekode")
SOKER_KEY = (*PERSON_KEY, "sokerar")
FIRM_KEY = ("organisasjonsnummer",)
