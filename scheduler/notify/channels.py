"""Channels: the ways out that the settings have opened, and what is missing for the others."""

from datetime import datetime
from typing import Protocol

from scheduler.notify.mail import FolderChannel, SmtpChannel
from scheduler.notify.message import Envelope
from scheduler.notify.teams import TeamsChannel
from scheduler.notify.webhook import WebhookChannel
from scheduler.settings import Settings

NO_MAIL = "E-post er ikke satt opp (AARSHJUL_SMTP_HOST)."


class Channel(Protocol):
    """One way out; `send` returns when the message is accepted, else raises a SendFault."""

    def send(self, envelope: Envelope, now: datetime) -> None: ...


def open_channels(settings: Settings) -> dict[str, Channel]:
    """Channel name -> the way out; messages of a channel that is not here go on waiting."""
    found: dict[str, Channel] = {
        "teams": TeamsChannel(settings.own_networks),
        "webhook": WebhookChannel(settings.own_networks),
    }
    if settings.mail_folder is not None:
        found["email"] = FolderChannel(settings, settings.mail_folder)
    elif settings.smtp_host:
        found["email"] = SmtpChannel(settings)
    return found
