"""Target: a web address whose host was looked up once, checked, and is called at that very address.

A webhook's address is somebody else's text. Without this, it could make our server call servers
that only our server reaches. The host is looked up here and never again, so that a name cannot
answer with a public address when it is checked and a private one when it is called.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from scheduler.notify.address import AddressError, checked
from scheduler.notify.faults import PermanentFault, TransientFault
from scheduler.settings import Network

Address = IPv4Address | IPv6Address

PORTS = {"https": 443, "http": 80}
UNICAST = ip_network("2000::/3")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: `addresses` are checked, in the order to try them; `path` has the query."""

    secure: bool
    host: str
    port: int
    addresses: tuple[str, ...]
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == PORTS["https" if self.secure else "http"]
        return name if usual else f"{name}:{self.port}"


def target_of(url: str, networks: Iterable[Network] = ()) -> Target:
    """Look a web address up; every address its host has must be public or in `networks`.

    Raises PermanentFault when it may not be called, TransientFault when the name is not found now.
    """
    try:
        parts = urlsplit(checked("webhook", url))
    except AddressError as error:
        raise PermanentFault(str(error)) from error
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or PORTS[parts.scheme]
    found = _look_up(host, port)
    own = tuple(networks)
    for address in found:
        if not (_within(address, own) or (secure and is_public(address))):
            raise PermanentFault(_refusal(host, address, secure=secure))
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Target(secure, host, port, tuple(map(str, found)), path + query)


def is_public(address: Address) -> bool:
    """Whether an address is one single machine on the open internet, whatever way it is written."""
    plain = _unwrapped(address)
    if isinstance(plain, IPv4Address):
        return plain.is_global and not plain.is_multicast and not plain.is_reserved
    # 6to4 carries an IPv4 address that a relay of ours could unpack, private or not.
    return plain in UNICAST and plain.is_global and plain.sixtofour is None


def _unwrapped(address: Address) -> Address:
    """::ffff:10.0.0.1 reaches 10.0.0.1."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _within(address: Address, networks: Iterable[Network]) -> bool:
    plain = _unwrapped(address)
    return any(plain.version == network.version and plain in network for network in networks)


def _look_up(host: str, port: int) -> list[Address]:
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TransientFault(f"Fant ikke «{host}» på nettet.") from error
    # A zone ("fe80::1%eth0") only tells which way out; the address before it is what is judged.
    names = dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers)
    return [ip_address(name) for name in names]


def _refusal(host: str, address: Address, *, secure: bool) -> str:
    if not secure and is_public(address):
        return f"«{host}» må kalles med https://, så ingen kan lese meldingen på veien."
    return (
        f"«{host}» er {address}, som ikke er en adresse på det åpne nettet. "
        "Et eget nett må stå i AARSHJUL_WEBHOOK_NETWORKS."
    )
