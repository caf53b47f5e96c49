"""`python -m scheduler.cli`: the same command line without the installed script."""

from scheduler.cli import main

main()
