"""Settings fail loudly and name the variable; secrets may stand in files."""

import pytest

from scheduler.settings import SettingsError, read_settings


def test_every_wrong_variable_is_named_at_once(monkeypatch):
    monkeypatch.setenv("AARSHJUL_PORT", "åtti")
    monkeypatch.setenv("AARSHJUL_TICK_SECONDS", "3600")
    with pytest.raises(SettingsError) as fault:
        read_settings()
    assert "AARSHJUL_PORT" in str(fault.value)
    assert "AARSHJUL_TICK_SECONDS" in str(fault.value)


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    secret = tmp_path / "url"
    secret.write_text("sqlite:///x.db\n", encoding="utf-8")
    monkeypatch.setenv("AARSHJUL_DATABASE_URL_FILE", str(secret))
    assert read_settings().ledger_url == "sqlite:///x.db"


def test_a_missing_secret_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="AARSHJUL_DATABASE_URL_FILE"):
        read_settings()


def test_the_engine_has_its_own_file_beside_a_sqlite_ledger(tmp_path):
    settings = read_settings(data_dir=tmp_path)
    assert settings.ledger_url.endswith("aarshjul.db")
    assert settings.engine_url.endswith("engine.db")


def test_the_engine_shares_a_postgresql_server(tmp_path):
    url = "postgresql://somebody@localhost/aarshjul"
    settings = read_settings(data_dir=tmp_path, database_url=url)
    assert settings.engine_url == url


def test_a_wrong_value_is_told_in_norwegian(monkeypatch):
    monkeypatch.setenv("AARSHJUL_PORT", "åtti")
    monkeypatch.setenv("AARSHJUL_TICK_SECONDS", "3600")
    monkeypatch.setenv("AARSHJUL_IDENTITY_NUMBERS", "ekte")
    with pytest.raises(SettingsError) as fault:
        read_settings()
    assert "AARSHJUL_PORT: må være et helt tall, ikke «åtti»" in str(fault.value)
    assert "AARSHJUL_TICK_SECONDS: må være høyst 30" in str(fault.value)
    assert "'synthetic'" in str(fault.value)


def test_an_unsupported_database_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("AARSHJUL_DATABASE_URL", "mysql://user:hemmelig@host/base")
    with pytest.raises(SettingsError) as fault:
        read_settings()
    assert "postgresql://" in str(fault.value)
    assert "hemmelig" not in str(fault.value)


def test_the_site_is_reached_where_it_listens_unless_told_otherwise():
    assert read_settings(port=8121).public_url == "http://localhost:8121"
    assert (
        read_settings(public_url="https://frister.example/").public_url == "https://frister.example"
    )


def test_mail_needs_a_sender_that_ends_no_header(monkeypatch):
    for sender in ("", "frister", "a@b.example\nBcc: c@d.example", "Frister <a@b.example>"):
        with pytest.raises(SettingsError, match="AARSHJUL_MAIL_FROM"):
            read_settings(smtp_host="post.example", mail_from=sender)
    assert read_settings(smtp_host="post.example", mail_from="a@b.example").smtp_port == 587
    assert read_settings().mail_from == "aarshjul@localhost"


def test_a_network_that_is_none_is_named():
    with pytest.raises(SettingsError, match="AARSHJUL_WEBHOOK_NETWORKS"):
        read_settings(webhook_networks="10.1.0.0/16, fylket")
    networks = read_settings(webhook_networks="10.1.0.0/16, fd00::/8").own_networks
    assert [str(network) for network in networks] == ["10.1.0.0/16", "fd00::/8"]


def test_a_password_is_never_shown():
    assert "hemmelig" not in repr(read_settings(smtp_password="hemmelig"))


def test_a_node_is_dead_after_several_beats_and_has_a_name_without_surprises(monkeypatch):
    monkeypatch.setenv("AARSHJUL_BEAT_SECONDS", "5")
    with pytest.raises(SettingsError, match="må være minst 3 ganger AARSHJUL_BEAT_SECONDS"):
        read_settings()
    monkeypatch.setenv("AARSHJUL_DEAD_AFTER_SECONDS", "15")
    assert read_settings().dead_after_seconds == 15
    monkeypatch.setenv("AARSHJUL_NODE", "node 1; --")
    with pytest.raises(SettingsError, match="AARSHJUL_NODE: må være 1 til 40 av"):
        read_settings()
