"""What an intake's file is held against: its schools, its people, and the register's last year."""

from sqlalchemy.orm import Session

from jobs.api import Limits
from jobs.codelists import schools
from jobs.identity import PRODUCTION, SYNTHETIC_ONLY
from jobs.imports.expected import Expected
from jobs.imports.intakes import Intake
from jobs.register.completion import completion_of_year_before
from jobs.register.datasets import Extent

YEAR_END = "slutt"  # the occasion on which completion codes are final


def expected_of(session: Session, intake: Intake, extent: Extent, limits: Limits) -> Expected:
    """The file is held against its own schools: another owner's pupils would never end with it."""
    register, at_the_end = schools(), intake.occasion == YEAR_END
    return Expected(
        extent.fylkesnummer,
        extent.period,
        register.filter(eierform=extent.eierform) if extent.eierform else register,
        last_year=completion_of_year_before(session, extent) if at_the_end else None,
        accept=PRODUCTION if limits.real_people else SYNTHETIC_ONLY,
        occasion=intake.occasion,
        max_bytes=limits.max_file_bytes,
    )
