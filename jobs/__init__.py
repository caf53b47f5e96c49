"""The jobs the engine can run, by the name that calendar.yaml gives them."""

from jobs.api import Job
from jobs.imports.job import IMPORTS
from jobs.ot.age import CLOSE_OT_AGE
from jobs.ot.delivery import DELIVER_OT_DATA
from jobs.ot.job import TRANSFERS
from jobs.statistics.job import DELIVERIES

JOBS: dict[str, Job] = {
    job.name: job for job in (*IMPORTS, *DELIVERIES, *TRANSFERS, CLOSE_OT_AGE, DELIVER_OT_DATA)
}
