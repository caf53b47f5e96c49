"""A letter says all that a mailbox needs, and the mail server's answer decides what happens next."""

import re
import socket
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.notify.faults import PermanentFault, TransientFault, UnansweredFault
from scheduler.notify.mail import FolderChannel, SmtpChannel, compose
from scheduler.settings import Settings
from tests.scheduler.notify_channels.desk import NOW, enveloped, settings_for
from tests.scheduler.notify_channels.mail_server import mail_server

SUBJECT_WORDS = ["frist", "høst", "(Møre", "og", "Romsdal):", "privatisteksamen", "–", "1.", "vår,"]
SUBJECT_WORDS += ["videregåendeopplæringsstatistikkleveranseansvarlig", "«ssbElev»", "ssbElev"]
SUBJECT_WORDS += ["x" * 90]


def smtp(tmp_path, port, **values):
    values = {"smtp_host": "localhost", "smtp_security": "none", **values}
    return SmtpChannel(
        settings_for(tmp_path, smtp_port=port, mail_from="frister@aarshjul.example", **values)
    )


def test_a_letter_arrives_with_text_first_and_its_headers(tmp_path, mailbox):
    address = "https://aarshjul.example/avmeld/" + "x" * 32
    subject = "Endret frist: ssbElev, 1. levering – nå 23. oktober"
    smtp(tmp_path, mailbox.port).send(enveloped(subject=subject, unsubscribe=address), NOW)
    assert mailbox.to == ["inntak@fylke46.example"]
    letter = mailbox.received[0]
    assert letter["Subject"] == subject
    assert letter["From"] == "Årshjulet <frister@aarshjul.example>"
    assert letter["To"] == "inntak@fylke46.example"
    assert letter["Date"].datetime == NOW
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "nb"
    assert letter["List-Unsubscribe"].strip() == f"<{address}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["In-Reply-To"] is None
    assert letter.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in letter.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert next(letter.iter_parts()).get_content().split() == ["Fristen", "er", "flyttet."]


def test_what_is_on_the_wire_is_ascii_in_short_lines(tmp_path, mailbox):
    text = "Ærlig talt, så lang en linje skal deles på vei. " * 40
    address = f"https://{'langt-navn.' * 12}example/avmeld/{'x' * 32}"
    smtp(tmp_path, mailbox.port).send(enveloped(text=text, unsubscribe=address), NOW)
    content = mailbox.letters[0][1]
    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 998
    letter = mailbox.received[0]
    assert next(letter.iter_parts()).get_content().strip() == text.strip()
    assert letter["List-Unsubscribe"].replace(" ", "") == f"<{address}>"


@given(st.lists(st.sampled_from(SUBJECT_WORDS), min_size=1, max_size=30))
@example(["frist", *["privatisteksamen"] * 4])
@example(["x" * 90])
def test_a_subject_arrives_letter_for_letter(words):
    subject = " ".join(words)
    letter = compose(enveloped(subject=subject), Settings(data_dir="var"), NOW).as_bytes()
    assert message_from_bytes(letter, policy=default)["Subject"] == subject
    assert all(len(word) <= 75 for word in re.findall(rb"=\?[^ \r]+\?=", letter))


def test_an_attempt_more_has_the_same_message_id_and_an_answer_its_thread(tmp_path):
    settings = settings_for(tmp_path)
    first, again = (compose(enveloped("a"), settings, NOW) for _ in range(2))
    answer = compose(enveloped("b", answers="a/1"), settings, NOW)
    assert first["Message-ID"] == again["Message-ID"] == answer["In-Reply-To"]
    assert answer["References"] == first["Message-ID"]
    assert answer["Message-ID"] != first["Message-ID"]
    assert first["Message-ID"].endswith("@example>")


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nBcc: alle@b.example", "a@b.example, c@b.example", "ingen-krøllalfa"]
)
def test_an_address_that_would_change_the_letter_is_never_sent_to(tmp_path, mailbox, address):
    with pytest.raises(PermanentFault):
        smtp(tmp_path, mailbox.port).send(enveloped(address=address), NOW)
    assert mailbox.letters == []


def test_a_line_break_in_a_subject_is_only_a_space(tmp_path):
    letter = compose(enveloped(subject="Frist\r\nBcc: alle@b.example"), settings_for(tmp_path), NOW)
    assert letter["Subject"] == "Frist Bcc: alle@b.example"
    assert letter["Bcc"] is None


@pytest.mark.parametrize(
    ("place", "answer", "fault"),
    [
        ("rcpt_answer", "550 5.1.1 No such user", PermanentFault),
        ("rcpt_answer", "451 4.3.0 Come back later", TransientFault),
        ("data_answer", "554 5.7.1 Refused", PermanentFault),
        ("data_answer", "452 4.2.2 Mailbox full", TransientFault),
    ],
)
def test_never_and_not_now_are_told_apart_with_the_servers_words(
    tmp_path, mailbox, place, answer, fault
):
    setattr(mailbox, place, answer)
    with pytest.raises(fault, match=answer[:3]) as told:
        smtp(tmp_path, mailbox.port).send(enveloped(), NOW)
    assert answer[4:] in str(told.value)


def test_a_server_that_is_not_there_is_tried_again(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refuses
        with pytest.raises(TransientFault, match="localhost"):
            smtp(tmp_path, taken.getsockname()[1]).send(enveloped(), NOW)


def test_a_line_that_breaks_after_the_letter_leaves_us_not_knowing(tmp_path, mailbox):
    mailbox.hang_up = True
    with pytest.raises(UnansweredFault, match="kvitterte"):
        smtp(tmp_path, mailbox.port).send(enveloped(), NOW)


def test_starttls_and_login_are_used(tmp_path, tls, trusted):
    with mail_server(tls, login=True) as box:
        values = {"smtp_security": "starttls", "smtp_user": "aarshjul"}
        smtp(tmp_path, box.port, **values, smtp_password="riktig").send(enveloped(), NOW)
        assert len(box.letters) == 1
        with pytest.raises(TransientFault, match="535"):
            smtp(tmp_path, box.port, **values, smtp_password="galt").send(enveloped(), NOW)
        assert len(box.letters) == 1


def test_tls_from_the_first_byte(tmp_path, tls, trusted):
    with mail_server(tls, implicit=True) as box:
        smtp(tmp_path, box.port, smtp_security="tls").send(enveloped(), NOW)
        assert len(box.letters) == 1


@pytest.mark.parametrize(("security", "implicit"), [("starttls", False), ("tls", True)])
def test_a_certificate_that_nobody_vouches_for_gets_no_letter(tmp_path, tls, security, implicit):
    with mail_server(tls, implicit=implicit) as box:
        with pytest.raises(TransientFault, match="certificate"):
            smtp(tmp_path, box.port, smtp_security=security).send(enveloped(), NOW)
        assert box.letters == []


def test_a_server_without_starttls_gets_no_letter_in_the_open(tmp_path, mailbox):
    with pytest.raises(TransientFault, match="AARSHJUL_SMTP_SECURITY"):
        smtp(tmp_path, mailbox.port, smtp_security="starttls").send(enveloped(), NOW)
    assert mailbox.letters == []


def test_a_folder_holds_each_letter_once_and_whole(tmp_path):
    channel = FolderChannel(settings_for(tmp_path), tmp_path / "mail")
    for name in ("a", "b", "a"):
        channel.send(enveloped(name), NOW)
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert all(file.name.startswith("20261123T070000Z-") for file in files)
    assert b"Fristen er flyttet." in files[0].read_bytes()


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "mail").write_text("en fil der mappa skulle vært")
    with pytest.raises(TransientFault, match="mail"):
        FolderChannel(settings_for(tmp_path), tmp_path / "mail").send(enveloped(), NOW)
