"""`python -m bench [name …]`: measure, print, and update the table in bench/README.md."""

import sys
from importlib import import_module
from pathlib import Path

from bench.rows import HEAD, update_table

HELPERS = {"__init__", "__main__", "bare_engine", "extracts", "one_import", "rows", "ten_years"}
NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HELPERS)


def main() -> None:
    wanted = sys.argv[1:] or NAMES
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        sys.exit(f"Ukjent måling: {', '.join(unknown)}. Velg blant: {', '.join(NAMES)}")
    print(HEAD, end="")
    for name in wanted:
        rows = list(import_module(f"bench.{name}").run())
        print(*rows, sep="\n", flush=True)
        update_table(rows)


if __name__ == "__main__":
    main()
