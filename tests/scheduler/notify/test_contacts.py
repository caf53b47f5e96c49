"""Contacts: what is refused and why, files all or nothing, and who answers where nobody is named."""

import pytest

from scheduler.notify import contacts
from scheduler.notify.contacts import ContactError, Entry
from tests.scheduler.notify.setting import CALENDAR, introduce, oslo

NOW = oslo(8, 3)
HEADER = "fylke,rolle,nivå,kanal,adresse\n"


def entry(**changes):
    fields = {"scope": "46", "role": "fylke-skole", "level": 1, "channel": "email"}
    return Entry(**{**fields, "address": "skole@fylke46.example", **changes})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": "skole@fylke46.example\nBcc: alle@x.example"}, "linjeskift"),
        ({"address": "skole"}, "@"),
        ({"scope": "99"}, "Fylket «99» finnes ikke"),
        ({"scope": "national"}, "må ha et fylkesnummer"),
        ({"role": "ist"}, "må ha «nasjonal»"),
        ({"role": "fylke-skol"}, "Mente du «fylke-skole»?"),
        ({"level": 4}, "Nivå 4 er den nasjonale koordinatoren"),
        ({"level": 0}, "Nivået «0» finnes ikke"),
        ({"role": "koordinator"}, "Nivå 4 er den nasjonale koordinatoren"),
        ({"channel": "e-post"}, "Kanalen «e-post» finnes ikke"),
    ],
)
def test_a_wrong_contact_is_refused_in_words(session, changes, told):
    with pytest.raises(ContactError) as caught:
        contacts.add(session, CALENDAR, entry(**changes), NOW)
    assert told in str(caught.value)
    assert contacts.listed(session) == []


def test_the_same_contact_twice_is_one_and_a_removed_one_comes_back(session):
    first = contacts.add(session, CALENDAR, entry(), NOW)
    contacts.remove(session, first.id)
    assert contacts.listed(session) == []
    assert contacts.add(session, CALENDAR, entry(), NOW).id == first.id
    assert [row.id for row in contacts.listed(session, "46")] == [first.id]
    assert contacts.listed(session, "42") == []


def test_a_webhook_gets_a_secret_and_a_mail_address_none(session):
    hook = contacts.add(
        session, CALENDAR, entry(channel="webhook", address="https://krok.example/inn"), NOW
    )
    assert hook.secret.startswith("whsec_")
    assert contacts.add(session, CALENDAR, entry(), NOW).secret == ""


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_file_of_contacts_is_read(session, separator):
    text = (
        "\ufeff" + HEADER + "46,fylke-skole,1,email,skole@fylke46.example\n"
        "nasjonal,koordinator,4,email,koordinator@nasjonal.example\n\n"
    )
    assert contacts.import_csv(session, CALENDAR, text.replace(",", separator), NOW) == 2
    assert {(row.scope, row.role) for row in contacts.listed(session)} == {
        ("46", "fylke-skole"),
        ("national", "koordinator"),
    }


def test_a_file_with_faults_names_every_line_and_adds_nothing(session):
    text = (
        HEADER + "46,fylke-skole,1,email,skole@fylke46.example\n"
        "47,fylke-skole,1,email,a@b.example\n"
        "46,fylke-skole,først,email,a@b.example\n"
        '46,fylke-skole,1,email,"a@b.example\nc@d.example"\n'
        "46,fylke-skole\n"
    )
    with pytest.raises(ContactError) as caught:
        contacts.import_csv(session, CALENDAR, text, NOW)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["linje 3", "linje 4", "linje 6", "linje 7"]
    assert contacts.listed(session) == []


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "fylke,rolle\n46,ist\n"])
def test_a_file_with_other_columns_is_refused(session, text):
    with pytest.raises(ContactError, match="kolonnene må være fylke, rolle, nivå, kanal, adresse"):
        contacts.import_csv(session, CALENDAR, text, NOW)


def test_a_role_with_nobody_falls_upward_to_the_nearest_level(session):
    people = introduce(session)
    contacts.remove(session, people["skole@fylke46.example"].id)

    def reached(scope, role):
        return [contact.address for contact in contacts.recipients(session, scope, role, 1)]

    assert reached("46", "fylke-skole") == ["vikar@fylke46.example"]
    assert reached("42", "fylke-inntak") == ["koordinator@nasjonal.example"]
    contacts.remove(session, people["koordinator@nasjonal.example"].id)
    assert reached("42", "fylke-inntak") == []


def test_the_roles_without_a_responsible_are_listed(session):
    introduce(session, "46", "national")
    assert contacts.gaps(session, CALENDAR) == [("42", "fylke-inntak"), ("42", "fylke-skole")]
