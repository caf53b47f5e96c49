"""The shape of every job, as the engine resumes it; a changed shape needs a new version."""

from jobs import JOBS
from jobs.api import DataStep
from scheduler.calendar.kinds import JobName
from scheduler.engine.durable import APPLICATION_VERSION

# Version -> job -> its steps; data steps commit with their checkpoint and are marked with *.
# When this fails, raise APPLICATION_VERSION and write the new shapes under it: work begun under the
# old version must not be resumed by steps of another shape.
IMPORT = ["control", "load*", "report", "receipt"]
TRANSFER = ["gate", "select", "write*", "report", "receipt"]
DELIVERY = ["gate", "extract", "intend*", "send", "receipt*"]
SHAPES = {
    "1": {
        **{job.value: IMPORT for job in JobName if job.value.startswith("import-")},
        **{job.value: DELIVERY for job in JobName if job.value.startswith("deliver-")},
        **{job.value: TRANSFER for job in JobName if job.value.startswith("transfer-ot-")},
        "close-ot-age": ["close*", "receipt"],
    }
}


def shape(job):
    return [step.name + "*" * isinstance(step, DataStep) for step in job.steps]


def test_a_changed_list_of_steps_comes_with_a_new_version():
    assert {name: shape(job) for name, job in JOBS.items()} == SHAPES[APPLICATION_VERSION]


def test_the_calendar_names_exactly_the_jobs_there_are():
    assert {name.value for name in JobName} == set(JOBS)
