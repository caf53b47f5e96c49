"""Teams: an Adaptive Card to a channel, through a workflow of Power Automate."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduler.notify.faults import UnansweredFault
from scheduler.notify.message import Envelope, Message
from scheduler.notify.webhook import DEADLINE_SECONDS, judge, post
from scheduler.settings import Network

# A card may be 28 kB; an address and the frame around it need less than the rest.
MOST_FACTS = 25
MOST_TEXT = 4000
MOST_VALUE = 300
CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
# A gateway's word that the one behind it did not answer: it may have taken the call.
UNTOLD = (502, 504)


@dataclass(frozen=True, slots=True)
class TeamsChannel:
    """Posts a card; a workflow has no way of knowing a message again, so none is sent twice."""

    networks: tuple[Network, ...] = ()
    seconds: float = DEADLINE_SECONDS

    def send(self, envelope: Envelope, now: datetime) -> None:  # noqa: ARG002 - as every channel
        message = envelope.message
        body = json.dumps(payload(message), ensure_ascii=False).encode()
        answer = post(message.address, body, {}, self.networks, self.seconds)
        if answer.status in UNTOLD:
            raise UnansweredFault(f"Svarte {answer.status}; meldingen kan likevel være vist.")
        judge(answer)


def payload(message: Message) -> dict[str, Any]:
    """What a workflow that waits for a webhook takes: a message with one card."""
    return {
        "type": "message",
        "attachments": [{"contentType": CARD, "contentUrl": None, "content": card(message)}],
    }


def card(message: Message) -> dict[str, Any]:
    """The card: the subject, the facts of the payload or else the text, and a way to the page."""
    facts = message.payload.get("facts") or []
    url = message.payload.get("url")
    title = {"type": "TextBlock", "text": _plain(message.subject), "weight": "Bolder", "wrap": True}
    return {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": "nb",
        "body": [{**title, "size": "Medium"}, *([_facts(facts)] if facts else [_text(message)])],
        "actions": [_open(url)] if url else [],
    }


def _facts(facts: list[list[str]]) -> dict[str, Any]:
    shown = [
        {"title": _plain(str(name)), "value": _plain(str(value))[:MOST_VALUE]}
        for name, value in facts[:MOST_FACTS]
    ]
    rest = len(facts) - MOST_FACTS
    more = [{"title": "", "value": f"og {rest} til"}] if rest > 0 else []
    return {"type": "FactSet", "facts": [*shown, *more]}


def _text(message: Message) -> dict[str, Any]:
    return {"type": "TextBlock", "text": _plain(message.text)[:MOST_TEXT], "wrap": True}


def _open(url: str) -> dict[str, str]:
    return {"type": "Action.OpenUrl", "title": "Åpne i Årshjulet", "url": url}


def _plain(text: str) -> str:
    """Without what a card would read as formatting: a name is never a link or a heading."""
    return "".join("\\" + sign if sign in "\\*_[]`#" else sign for sign in text)
