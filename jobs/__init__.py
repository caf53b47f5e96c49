"""The jobs the engine can run, by the name that calendar.yaml gives them."""

from jobs.api import Job
from jobs.imports.job import IMPORTS
from jobs.statistics.job import DELIVER_SSBELEV

JOBS: dict[str, Job] = {job.name: job for job in (*IMPORTS, DELIVER_SSBELEV)}
