"""What docs/deploy/ starts exists: commands, options, settings, ports, and time to stop in."""

import configparser
import json
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from scheduler.cli import cli
from scheduler.cli.supervise import END_SECONDS
from scheduler.settings import PREFIX, PROJECT_ROOT, Settings
from web import create_app

FOLDER = PROJECT_ROOT / "docs" / "deploy"
UNITS = sorted(FOLDER.glob("*.service"))
DRAIN = Settings.model_fields["drain_seconds"].default
PORT = Settings.model_fields["port"].default
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
}


def unit(path):
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def compose():
    return yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))


def environment():
    lines = (FOLDER / "environment").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def dockerfile():
    """Instruction -> what it is given, every time."""
    text = (FOLDER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, rest = line.split(maxsplit=1)
            found.setdefault(word, []).append(rest)
    return found


def nodes():
    services = compose()["services"]
    return {name: service for name, service in services.items() if name.startswith("node-")}


def must_be_a_command(words):
    """Fails unless `aarshjul` takes these words; nothing is run."""
    found, context, rest = cli, None, ["aarshjul", *words]
    while rest:
        context = found.make_context(rest[0], rest[1:], parent=context)
        rest = [*context._protected_args, *context.args]
        if rest:
            found = found.get_command(context, rest[0])
            assert found is not None, words


def seconds(text):
    return int(str(text).removesuffix("s"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_a_command_there_is_and_is_locked_in(path):
    service = unit(path)["Service"]
    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/aarshjul/.venv/bin/aarshjul"
    must_be_a_command(words)
    assert {name: service[name] for name in HARDENED} == HARDENED
    assert service["Restart"] == "on-failure"
    assert service["EnvironmentFile"] == "/etc/aarshjul/environment"


def test_each_process_of_the_service_has_a_unit():
    words = [shlex.split(unit(path)["Service"]["ExecStart"])[1:] for path in UNITS]
    assert sorted(words) == [["scheduler"], ["sftp"], ["web"]]


def test_the_units_write_where_the_settings_say():
    for path in UNITS:
        assert (
            f"/var/lib/{unit(path)['Service']['StateDirectory']}"
            == (environment()["AARSHJUL_DATA_DIR"])
        )


def test_systemd_waits_longer_than_the_scheduler_drains_and_asks_once():
    service = unit(FOLDER / "aarshjul-scheduler.service")["Service"]
    drain = int(environment()["AARSHJUL_DRAIN_SECONDS"])
    assert drain == DRAIN
    assert int(service["TimeoutStopSec"]) >= drain + END_SECONDS
    assert service["KillMode"] == "mixed"


def test_every_variable_is_a_setting():
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.is_file()]
    named = {name for text in texts for name in re.findall(rf"{PREFIX}[A-Z_]+", text)}
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert {name for name in named if name.removesuffix("_FILE") not in known} == set()
    assert len(named) > 5


def test_every_setting_is_explained_and_nothing_else():
    """`demo` is the demonstration's own."""
    text = (PROJECT_ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `AARSHJUL_")]
    explained = {name for row in rows for name in re.findall(rf"{PREFIX}[A-Z_]+", row)}
    assert explained == {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} - {
        "AARSHJUL_DEMO"
    }


def test_two_nodes_have_names_and_ports_of_their_own_and_all_else_in_common():
    first, second = nodes().values()
    assert first["environment"].pop("AARSHJUL_NODE") == "node-1"
    assert second["environment"].pop("AARSHJUL_NODE") == "node-2"
    assert [first.pop("ports"), second.pop("ports")] == [
        [f"127.0.0.1:{port}:{PORT}"] for port in (8000, 8001)
    ]
    assert first == second


def test_the_nodes_run_commands_there_are_and_are_asked_where_health_is_told():
    for name, service in compose()["services"].items():
        if name != "database":
            must_be_a_command(service["command"])
    for service in nodes().values():
        [address] = re.findall(
            r"http://127\.0\.0\.1:(\d+)(/\w+)", service["healthcheck"]["test"][-1]
        )
        assert address == (str(PORT), "/health")


def test_health_is_a_page_of_the_site(tmp_path):
    rules = {str(rule) for rule in create_app(Settings(data_dir=tmp_path)).url_map.iter_rules()}
    assert "/health" in rules


def test_a_container_is_given_longer_to_stop_than_its_processes():
    for service in nodes().values():
        drain = int(service["environment"]["AARSHJUL_DRAIN_SECONDS"])
        assert seconds(service["stop_grace_period"]) > drain + END_SECONDS


def test_every_secret_and_volume_that_is_used_is_declared():
    whole = compose()
    for service in whole["services"].values():
        assert set(service.get("secrets", ())) <= set(whole["secrets"])
        named = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert named <= set(whole["volumes"])
    for service in nodes().values():
        path = service["environment"]["AARSHJUL_DATABASE_URL_FILE"]
        assert Path(path).name in service["secrets"]


def test_the_image_installs_what_is_locked_and_copies_what_is_there():
    found = dockerfile()
    assert any("--require-hashes -r requirements.lock" in line for line in found["RUN"])
    copied = [word for line in found["COPY"] for word in line.split()[:-1]]
    assert [name for name in copied if not (PROJECT_ROOT / name).exists()] == []
    assert {"scheduler/", "jobs/", "web/", "templates/", "calendar.yaml"} <= set(copied)
    assert json.loads(found["ENTRYPOINT"][0]) == ["aarshjul"]
    must_be_a_command(json.loads(found["CMD"][0]))
    assert found["EXPOSE"] == [str(PORT)]
    assert found["USER"] == ["aarshjul"]


def test_the_image_has_a_dump_program_as_new_as_the_server():
    """Debian bookworm's is PostgreSQL 15's; an older one refuses a newer server."""
    assert compose()["services"]["database"]["image"] == "postgres:15-bookworm"
    assert dockerfile()["FROM"][0].endswith("-bookworm")
    assert any("postgresql-client" in line for line in dockerfile()["RUN"])


def test_a_command_that_is_not_there_would_be_found():
    for words in (["planlegger"], ["db", "oppgrader"], ["web", "--port", "80"], ["web", "x"]):
        with pytest.raises((AssertionError, click.UsageError)):
            must_be_a_command(words)
