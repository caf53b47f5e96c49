"""Every page as its bytes say it: valid HTML, by html-validate's rules of the standard and of access."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.pages import NAMED

CLIENTS = Path(__file__).parents[1] / "clients"
NODE = Path(sys.executable).parent / "node"
VALIDATOR = CLIENTS / "node_modules/html-validate/bin/html-validate.mjs"


def faults_in(folder):
    """What the validator has against the pages in a folder: the file, line and rule of each."""
    rules = CLIENTS / "htmlvalidate.json"
    command = [NODE, VALIDATOR, "--config", rules, "--formatter", "json", *folder.glob("*.html")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode in (0, 1), told.stderr
    return [
        (Path(file["filePath"]).name, fault["line"], fault["ruleId"], fault["message"])
        for file in json.loads(told.stdout)
        for fault in file["messages"]
    ]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_page_is_valid(app, cookies, tmp_path, language):
    for name, path, known in NAMED:
        client = app.test_client()
        if known:
            client.set_cookie("aarshjul", cookies[known]["value"])
        answer = client.get(path, headers={"Accept-Language": language})
        (tmp_path / f"{name}.html").write_bytes(answer.data)
    assert faults_in(tmp_path) == []


def test_the_validator_finds_a_fault(tmp_path):
    (tmp_path / "side.html").write_text(
        '<!DOCTYPE html><html lang="nb"><head><title>Side</title></head>'
        "<body><p><div></div></p></body></html>",
        encoding="utf-8",
    )
    assert [rule for _, _, rule, _ in faults_in(tmp_path)] == ["close-order"]
