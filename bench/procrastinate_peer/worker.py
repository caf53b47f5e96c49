"""One worker of Procrastinate and jobs that are due at one instant; run by its own Python.

`worker.py URL BEGAN COUNT CONCURRENCY POLL HEAD_START`: each job notes in BEGAN how many seconds
after the instant it began; the worker ends when all have.
"""

import asyncio
import logging
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from procrastinate import App, PsycopgConnector

url, began, *numbers = sys.argv[1:]
count, concurrency, poll, head_start = (float(number) for number in numbers)
logging.disable(logging.WARNING)
app = App(connector=PsycopgConnector(conninfo=url))


@app.task(queue="due")
def begin(due: float) -> None:
    with Path(began).open("a") as lines:
        lines.write(f"{time.time() - due}\n")


def all_began() -> bool:
    return Path(began).exists() and Path(began).read_text().count("\n") == count


async def main() -> None:
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        due = datetime.now(UTC) + timedelta(seconds=head_start)
        jobs = [{"due": due.timestamp()}] * int(count)
        await begin.configure(schedule_at=due).batch_defer_async(*jobs)
        working = asyncio.create_task(
            app.run_worker_async(concurrency=int(concurrency), fetch_job_polling_interval=poll)
        )
        while not all_began():  # noqa: ASYNC110 - the jobs run in threads, and tell a file
            await asyncio.sleep(0.1)
        working.cancel()


asyncio.run(main())
