"""Mail: a letter over SMTP, or into a folder where a newcomer can read it."""

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from scheduler.notify.address import AddressError, checked
from scheduler.notify.faults import PermanentFault, TransientFault, UnansweredFault
from scheduler.notify.message import Envelope, digest
from scheduler.settings import Settings

TIMEOUT_SECONDS = 30
SENDER_NAME = "Årshjulet"
REFUSED = 500
OK = 250
LONGEST_WORD = 75  # an encoded word, RFC 2047, section 2
LONGEST_LINE = 78  # RFC 5322, section 2.1.1, without the line end


class LetterPolicy(EmailPolicy):
    """Folds a subject as whole encoded words; the library's own folding adds and loses spaces."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() != "subject":
            return str(super().fold(name, value))
        return f"{name}: {self._folded(name, str(value))}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")

    def _folded(self, name: str, text: str) -> str:
        """The text as it is where that is one short line of ASCII."""
        if text.isascii() and len(f"{name}: {text}") <= LONGEST_LINE:
            return text
        header = Header(text, "utf-8", maxlinelen=LONGEST_WORD, header_name=name)
        return header.encode(linesep=self.linesep)


# Only ASCII on the wire: a relay on the way need not know more.
POLICY = LetterPolicy(cte_type="7bit", linesep="\r\n")


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """Hands a letter to the mail server of the settings; one connection a letter."""

    settings: Settings
    seconds: float = TIMEOUT_SECONDS

    def send(self, envelope: Envelope, now: datetime) -> None:
        letter = compose(envelope, self.settings, now).as_bytes()
        server = self._connected()
        try:
            _accepted(server.mail(self.settings.mail_from))
            _accepted(server.rcpt(checked("email", envelope.message.address)))
            _hand_over(server, letter)
        except (OSError, smtplib.SMTPException) as error:
            raise TransientFault(f"E-posttjeneren: {_words(error)}") from error
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        """A server that has greeted us and knows who we are; all that fails here is our set-up."""
        server = None
        try:
            server = self._open()
            self._introduce(server)
        except (OSError, smtplib.SMTPException) as error:
            if server is not None:
                server.close()
            raise TransientFault(
                f"E-posttjeneren {self.settings.smtp_host}: {_words(error)}"
            ) from error
        return server

    def _open(self) -> smtplib.SMTP:
        host, port = self.settings.smtp_host, self.settings.smtp_port
        own, seconds = socket.gethostname(), self.seconds
        if self.settings.smtp_security != "tls":
            return smtplib.SMTP(host, port, own, seconds)
        # By itself smtplib checks no certificate.
        tls = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname=own, timeout=seconds, context=tls)

    def _introduce(self, server: smtplib.SMTP) -> None:
        if self.settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self.settings.smtp_user:
            server.login(self.settings.smtp_user, self.settings.smtp_password.get_secret_value())


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """Puts a letter into a folder, whole or not at all; the same letter has the same name."""

    settings: Settings
    folder: Path

    def send(self, envelope: Envelope, now: datetime) -> None:
        letter = compose(envelope, self.settings, now).as_bytes()
        start = envelope.message.not_before.astimezone(UTC)
        name = f"{start:%Y%m%dT%H%M%SZ}-{envelope.message.digest}.eml"
        part = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(letter)
            part.replace(self.folder / name)
        except OSError as error:
            raise TransientFault(f"{self.folder}: {error.strerror or error}") from error


def compose(envelope: Envelope, settings: Settings, now: datetime) -> EmailMessage:
    """The letter: text first, then HTML; raises PermanentFault for an address that is none."""
    message = envelope.message
    letter = EmailMessage(policy=POLICY)
    try:
        letter["To"] = Address(addr_spec=checked("email", message.address))
    except AddressError as error:
        raise PermanentFault(str(error)) from error
    letter["From"] = Address(SENDER_NAME, addr_spec=settings.mail_from)
    letter["Subject"] = " ".join(message.subject.split())
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = _reference(message.id, settings)
    if envelope.answers:
        letter["In-Reply-To"] = letter["References"] = _reference(envelope.answers, settings)
    letter["Auto-Submitted"] = "auto-generated"
    if envelope.unsubscribe:
        letter["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter.set_content(message.text)
    if message.html:
        letter.add_alternative(message.html, subtype="html")
    letter["Content-Language"] = "nb"  # last: setting the content drops every Content- header
    return letter


def _reference(message_id: str, settings: Settings) -> str:
    """The same for every attempt, so that a mailbox that gets two can tell."""
    return f"<{digest(message_id)}@{settings.uid_domain}>"


def _hand_over(server: smtplib.SMTP, letter: bytes) -> None:
    """The one step after which we may not know: the letter is sent, and the answer is not here."""
    try:
        answer = server.data(letter)
    except smtplib.SMTPDataError as error:
        answer = error.smtp_code, _bytes(error.smtp_error)
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise UnansweredFault(
            f"Forbindelsen brøt før e-posttjeneren kvitterte ({_words(error)})."
        ) from error
    _accepted(answer)


def _accepted(answer: tuple[int, bytes]) -> None:
    """Return for yes; 4xx is «not now», 5xx «never», by RFC 5321."""
    code, words = answer
    if code in (OK, 251):
        return
    said = f"E-posttjeneren svarte {code}: {words.decode('utf-8', errors='replace')}"
    raise PermanentFault(said) if code >= REFUSED else TransientFault(said)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = _bytes(error.smtp_error).decode("utf-8", errors="replace")
        return f"svarte {error.smtp_code}: {said}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{error} Se AARSHJUL_SMTP_SECURITY og AARSHJUL_SMTP_USER."
    return str(error) or type(error).__name__


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
