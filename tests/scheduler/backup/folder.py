"""What lies in the data folder of these tests."""

import os

ARCHIVED = "archive/46/skole-off-telling-okt/abc_fil.txt"


def put(path, content="innhold"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    os.utime(path, (0, 0))
