"""An address is refused with a sentence before anything is sent to it."""

import pytest

from scheduler.notify.address import AddressError, checked


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("inntak@fylke46.example", "inntak@fylke46.example"),
        (" Inntak.Data+vigo@Fylke46.EXAMPLE ", "Inntak.Data+vigo@fylke46.example"),
        ("post@skjåk.example", "post@xn--skjk-soa.example"),
    ],
)
def test_a_mail_address_is_kept_as_mail_servers_write_it(written, kept):
    assert checked("email", written) == kept


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("", "tom"),
        ("inntak@fylke46.example\n", "linjeskift"),
        ("inntak@fylke46.example\r\nBcc: alle@fylke46.example", "linjeskift"),
        ("inn\u200btak@fylke46.example", "ikke vises"),
        ("inntak@fylke46.example\x00", "ikke vises"),
        ("inntak.fylke46.example", "@"),
        ("a@b@fylke46.example", "@"),
        ("Inntak<inntak@fylke46.example>", "uten navn"),
        ("a,b@fylke46.example", "uten navn"),
        ("søknad@fylke46.example", "a til z"),
        (".inntak@fylke46.example", "a til z"),
        ("inntak@", "domene"),
        ("inntak@localhost", "domene"),
        ("inntak@fylke_46.example", "domene"),
        ("inntak@fylke46..example", "domene"),
        (f"inntak@{'a' * 64}.example", "domene"),
        (f"{'a' * 65}@fylke46.example", "a til z"),
        ("inntak@" + "a23456789." * 25 + "example", "254"),
    ],
)
def test_what_is_no_mail_address_is_told_why(written, word):
    with pytest.raises(AddressError, match=word):
        checked("email", written)


@pytest.mark.parametrize(
    ("channel", "written"),
    [
        ("webhook", "fylke46.example/inn"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", "https:///inn"),
        ("webhook", "https://fylke46.example:0/"),
        ("webhook", "https://fylke46.example:99999/"),
        ("webhook", "https://[::1/"),
        ("webhook", "https://navn:passord@fylke46.example/"),
        ("webhook", "https://fylke46.example/#del"),
        ("webhook", "https://fylke46.example\\@ond.example/"),
        ("webhook", "https://skjåk.example/"),
        ("webhook", "https://fylke46.example/inn ut"),
        ("webhook", "https://fylke46.example/" + "a" * 2000),
        ("teams", "http://flyt.example/"),
    ],
)
def test_what_is_no_web_address_is_refused(channel, written):
    with pytest.raises(AddressError):
        checked(channel, written)


def test_a_web_address_is_kept_as_it_is():
    for address in ("https://fylke46.example/inn?a=b&c=%20", "http://10.1.2.3:8080/"):
        assert checked("webhook", address) == address
