"""Fixtures: servers on loopback, and a certificate that the tests' own clients trust."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.scheduler.notify_channels.mail_server import Mailbox, mail_server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key, a certificate for localhost, and the one that vouches for it."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    both = tmp_path_factory.mktemp("tls") / "both.pem"
    both.write_bytes(issued.private_key_and_cert_chain_pem.bytes() + authority.cert_pem.bytes())
    return both


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    """The server's side; nobody trusts it until `trusted`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
