"""One way to break the right calendar for each kind of fault.

Each break: what to replace, by what, and where the fault must be reported with which words.
"""

from tests.scheduler.calendar.broken_dates import DATES
from tests.scheduler.calendar.broken_fields import FIELDS

BREAKS = {**FIELDS, **DATES}
