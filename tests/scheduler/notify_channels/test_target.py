"""No spelling of a private address gets past, and a checked address is not looked up again."""

from ipaddress import ip_address, ip_network

import pytest

from scheduler.notify.faults import PermanentFault, TransientFault
from scheduler.notify.target import is_public, target_of

OWN = (ip_network("10.1.0.0/16"), ip_network("127.0.0.0/8"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fec0::1]",
        "[fd00::1]",
        "[ff02::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_a_private_address_is_refused_in_every_spelling(host):
    # Some spellings the resolver itself does not know: also then nothing is called.
    with pytest.raises((PermanentFault, TransientFault)) as refused:
        target_of(f"https://{host}/inn")
    if host != "LOCALHOST.":
        assert isinstance(refused.value, PermanentFault)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.156.1.1", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_on_the_open_net_is_public(address):
    assert is_public(ip_address(address))


def test_a_network_of_our_own_may_be_called_and_without_tls():
    target = target_of("http://10.1.2.3:8080/inn?a=b", OWN)
    assert (target.secure, target.addresses, target.port) == (False, ("10.1.2.3",), 8080)
    assert (target.path, target.host_header) == ("/inn?a=b", "10.1.2.3:8080")
    assert target_of("https://[::ffff:10.1.2.3]/", OWN).host_header == "[::ffff:10.1.2.3]"
    with pytest.raises(PermanentFault, match="AARSHJUL_WEBHOOK_NETWORKS"):
        target_of("https://10.2.0.1/", OWN)


def test_the_open_net_is_called_with_tls_only():
    assert target_of("https://8.8.8.8").path == "/"
    with pytest.raises(PermanentFault, match="https://"):
        target_of("http://8.8.8.8/")


@pytest.mark.parametrize(
    "url", ["ftp://8.8.8.8/", "https://", "https://a:b@8.8.8.8/", "https://x\n/"]
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(PermanentFault):
        target_of(url)


def test_a_name_that_does_not_exist_is_tried_again():
    with pytest.raises(TransientFault, match=r"borte\.invalid"):
        target_of("https://borte.invalid/")
