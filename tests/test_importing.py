"""What importing our packages does by itself: nothing that a process forked off would miss."""

import subprocess
import sys

THREADS = """
import os, polars
before = len(os.listdir("/proc/self/task"))
import jobs, scheduler.daemon, web
assert len(os.listdir("/proc/self/task")) == before
"""


def test_importing_us_starts_no_thread():
    """A process that is forked off one that has imported us would wait for its threads forever."""
    subprocess.run([sys.executable, "-c", THREADS], check=True)
