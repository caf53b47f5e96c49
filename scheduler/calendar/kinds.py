"""The words a row is described with: its kind, use, scope, stage and job."""

from enum import StrEnum

from scheduler.calendar.occurrence import ONLY


class Kind(StrEnum):
    """What sort of row it is."""

    IMPORT = "import"
    DELIVERY = "delivery"
    FEEDBACK = "feedback"
    FORWARDING = "forwarding"
    TRANSFER = "transfer"
    MILESTONE = "milestone"
    WINDOW = "window"
    RULE = "rule"
    INFORMATION = "information"
    DEADLINE = "deadline"
    HOUSEKEEPING = "housekeeping"
    HISTORY = "history"
    EXTRACT = "extract"


class Activity(StrEnum):
    """Whether the row is in use: yes, shown only (info, rule), or kept but not in use (no)."""

    YES = "yes"
    NO = "no"
    INFO = "info"
    RULE = "rule"


class Scope(StrEnum):
    """One occurrence for each county, or one for the country."""

    COUNTY = "county"
    NATIONAL = "national"


class JobName(StrEnum):
    """The jobs a row may name."""

    IMPORT_SCHOOL_ADMISSIONS = "import-school-admissions"
    IMPORT_SCHOOL = "import-school"
    IMPORT_SCHOOL_TERM = "import-school-term"
    IMPORT_SCHOOL_YEAR_END = "import-school-year-end"
    IMPORT_SCHOOL_CHANGES = "import-school-changes"
    IMPORT_PRIVATE_PROGRAMMES = "import-private-programmes"
    IMPORT_PRIVATE = "import-private"
    IMPORT_PRIVATE_CHANGES = "import-private-changes"
    IMPORT_PRIVATE_TERM = "import-private-term"
    IMPORT_PRIVATE_SPRING = "import-private-spring"
    IMPORT_PRIVATE_YEAR_END = "import-private-year-end"
    IMPORT_PRIVATE_LATE = "import-private-late"
    IMPORT_ADULTS = "import-adults"
    IMPORT_ADULTS_YEAR_END = "import-adults-year-end"
    IMPORT_APPLICANTS_SPRING = "import-applicants-spring"
    IMPORT_APPLICANTS_AUTUMN = "import-applicants-autumn"
    IMPORT_CONTRACTS = "import-contracts"
    DELIVER_SSBELEV = "deliver-ssbelev"
    DELIVER_SSBRESULTAT = "deliver-ssbresultat"
    DELIVER_SSBRESULTAT_FINAL = "deliver-ssbresultat-final"
    DELIVER_CONTRACTS = "deliver-contracts"
    DELIVER_CONTRACTS_JANUARY = "deliver-contracts-january"
    DELIVER_CONTRACTS_MONTHLY = "deliver-contracts-monthly"
    DELIVER_MEDIATION = "deliver-mediation"
    DELIVER_OFFICES = "deliver-offices"
    DELIVER_FIRMS = "deliver-firms"
    DELIVER_ADULTS = "deliver-adults"
    DELIVER_ADULTS_YEAR_END = "deliver-adults-year-end"
    DELIVER_APPLICATIONS = "deliver-applications"
    DELIVER_INTAKE = "deliver-intake"
    TRANSFER_OT_APPLICANTS = "transfer-ot-applicants"
    TRANSFER_OT_BROKEN_OFF = "transfer-ot-broken-off"
    TRANSFER_OT_YOUTH = "transfer-ot-youth"
    CLOSE_OT_AGE = "close-ot-age"
    DELIVER_OT_DATA = "deliver-ot-data"


class CatchUp(StrEnum):
    """What becomes of a job whose deadline passed without it.

    It runs however late; within a window, and then rests; within a window, and then a person is
    asked; or it rests at once.
    """

    ALWAYS = "run_always"
    BEFORE_DEADLINE = "run_if_before_deadline"
    ASK = "ask"
    NEVER = "never"


class Stage(StrEnum):
    """Which delivery of the year it is; recurring rows number theirs 1, 2, 3."""

    ONLY = ONLY
    FIRST = "first"
    FEEDBACK = "feedback"
    FINAL = "final"


class Strength(StrEnum):
    """Hard: nothing before the other is done. Soft: only if the other exists."""

    HARD = "hard"
    SOFT = "soft"


class Reminders(StrEnum):
    """How a row is reminded of: the whole ladder, only from the day before, or not at all."""

    FULL = "full"
    SHORT = "short"
    NONE = "none"
