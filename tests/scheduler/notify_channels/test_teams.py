"""A card shows the facts, formats nothing by accident, and is never posted twice blindly."""

import json
from ipaddress import ip_network

import pytest

from scheduler.notify.faults import PermanentFault, TransientFault, UnansweredFault
from scheduler.notify.teams import CARD, MOST_FACTS, TeamsChannel, card
from tests.scheduler.notify_channels.desk import LOOPBACK, NOW, enveloped, message
from tests.scheduler.notify_channels.web_server import hangs, says, web_server

FACTS = [["Ny frist", "mandag 2. november"], ["Gammel frist", "søndag 1. november"]]
PAGE = "https://aarshjul.example/endringer/7"


def address_of(receiver) -> str:
    return receiver.url("localhost", "https")


def posted(receiver, seconds: float = 20) -> None:
    channel = TeamsChannel((ip_network(LOOPBACK), ip_network("::1/128")), seconds)
    payload = {"facts": FACTS, "url": PAGE}
    channel.send(enveloped(channel="teams", address=address_of(receiver), payload=payload), NOW)


def test_a_workflow_gets_one_card_with_old_and_new_date(tls, trusted):
    with web_server(says(202), tls=tls) as receiver:
        posted(receiver)
    told = json.loads(receiver.calls[0][2])
    assert told["type"] == "message"
    (attachment,) = told["attachments"]
    assert attachment["contentType"] == CARD
    shown = attachment["content"]
    assert (shown["type"], shown["version"]) == ("AdaptiveCard", "1.4")
    title, facts = shown["body"]
    assert title["text"] == "Endret frist: ssbElev"
    assert [[fact["title"], fact["value"]] for fact in facts["facts"]] == FACTS
    assert shown["actions"] == [
        {"type": "Action.OpenUrl", "title": "Åpne i Årshjulet", "url": PAGE}
    ]


def test_a_card_without_facts_shows_the_text():
    assert card(message("a"))["body"][1]["text"] == "Fristen er flyttet.\n"
    assert card(message("a"))["actions"] == []


def test_a_name_is_never_read_as_a_link_or_a_heading():
    shown = card(message("a", subject="# [Klikk](https://ond.example) *nå*"))
    assert shown["body"][0]["text"] == r"\# \[Klikk\](https://ond.example) \*nå\*"


def test_a_long_list_is_cut_with_the_rest_counted():
    facts = [["Frist", str(number)] for number in range(MOST_FACTS + 7)]
    shown = card(message("a", payload={"facts": facts}))["body"][1]["facts"]
    assert len(shown) == MOST_FACTS + 1
    assert shown[-1]["value"] == "og 7 til"


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_that_lost_the_answer_leaves_us_not_knowing(tls, trusted, status):
    with web_server(says(status), tls=tls) as receiver, pytest.raises(UnansweredFault):
        posted(receiver)


@pytest.mark.parametrize(("status", "fault"), [(429, TransientFault), (400, PermanentFault)])
def test_a_refusal_is_an_answer(tls, trusted, status, fault):
    with web_server(says(status), tls=tls) as receiver, pytest.raises(fault):
        posted(receiver)


def test_a_workflow_that_hangs_leaves_us_not_knowing(tls, trusted):
    with web_server(hangs, tls=tls) as receiver, pytest.raises(UnansweredFault):
        posted(receiver, seconds=3)
