"""Connects to public addresses only: what is checked is the address that is connected to."""

import socket
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from queue import Empty, Queue
from threading import Thread
from time import monotonic

from jobs import settings
from jobs.outcome import TaskError

CONNECT_WITHIN = 3.0  # seconds, for each address of the host
# Python counts these as global. 192.0.0.0/24 is for protocols, 192.88.99.0/24 for 6to4 relays.
NOT_FOR_HOSTS = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))
UNICAST = IPv6Network("2000::/3")  # all that is given out of IPv6
DOCUMENTATION = IPv6Network("3fff::/20")  # which Python may not know
NAT64 = IPv6Network("64:ff9b::/96")  # ends with an IPv4 address, to which a router translates it


class Deadline:
    """A moment until which all steps together must be done."""

    def __init__(self, within: float) -> None:
        """`within` is in seconds, from now."""
        self._at = monotonic() + within

    def left(self) -> float:
        """Return the seconds that are left; raises TimeoutError when there are none."""
        if (left := self._at - monotonic()) <= 0:
            raise TimeoutError
        return left


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the internet, also behind the IPv4 that it holds."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        is_for_hosts = not any(ip in network for network in NOT_FOR_HOSTS)
        return ip.is_global and not ip.is_multicast and is_for_hosts
    if ip in NAT64:
        return is_public(str(IPv4Address(int(ip) & 0xFFFF_FFFF)))
    if ip not in UNICAST or ip in DOCUMENTATION or not ip.is_global:
        return False  # as ::1, fe80::1, fc00::1, ff02::1, ::127.0.0.1, ::ffff:127.0.0.1 and Teredo
    return not ip.sixtofour or is_public(str(ip.sixtofour))


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connect to a host, if all its addresses are public or FETCH_ALLOW names it.

    Raises TaskError, OSError and, at the deadline, TimeoutError.
    """
    is_allowed = not settings.FETCH_ALLOW.isdisjoint({(host, None), (host, port)})
    found = resolve(host, port, deadline)
    if not is_allowed:
        for _, address in found:
            _refuse_unless_public(host, address[0])
    error: OSError = OSError("no address")
    for family, address in found:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(deadline.left(), CONNECT_WITHIN))
            connection.connect(address)
            if not is_allowed:
                _refuse_unless_public(host, connection.getpeername()[0])
        except OSError as reason:
            connection.close()
            error = reason
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise error


def resolve(host: str, port: int, deadline: Deadline) -> list[tuple[socket.AddressFamily, tuple]]:  # type: ignore[type-arg] # of two or four
    """Return the addresses of a name, in the order of preference.

    getaddrinfo knows no time limit, so it runs in a thread that nobody waits for after that.
    """
    answers: Queue[list[tuple] | Exception] = Queue()  # type: ignore[type-arg]

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # UnicodeError as well: a label of more than 63 letters
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise TaskError(f"There is no host {host}.") from found
    return [(family, address) for family, _, _, _, address in found]


def _refuse_unless_public(host: str, address: str) -> None:
    if not is_public(address):
        raise TaskError(
            f"{host} is at a place which is no address of the internet. "
            "FETCH_ALLOW can allow it by its name."
        )
