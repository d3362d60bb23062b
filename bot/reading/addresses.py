"""Which addresses may be called: pure rules, no network."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from yarl import URL

from bot.model import OnrecordError

LONGEST_URL = 2_000  # characters
_LONGEST_SHOWN = 100

_CLOSED = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # behind a provider's translation of addresses; also the metadata of one cloud
            "127.0.0.0/8",
            "168.63.129.16/32",  # looks public, and is a cloud's own service on every machine in it
            "169.254.0.0/16",  # link-local, with the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
            "2001::/23",  # protocols of their own; Teredo is judged by what it embeds
            "2001:db8::/32",
            "3fff::/20",
        ),
    )
)
_UNICAST = ip_network("2000::/3")  # the only part of IPv6 that is given out: all else is special
_NAT64 = ip_network("64:ff9b::/96")  # 64:ff9b:1::/48 is for local use, and outside of unicast
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[\da-f]*)\.?", re.IGNORECASE | re.ASCII)


def is_public(address: str) -> bool:
    """Tells whether an IP address is one that anybody on the internet may call.

    Private, loopback, link-local, shared, multicast, reserved and unspecified ones are not, nor those of a cloud's
    metadata. An IPv6 address that stands for one of IPv4 is judged by that. What is no address is not public.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id:
            return False
        if embedded := _embedded(parsed):
            return all(map(_is_open, embedded))
        return parsed in _UNICAST and _is_open(parsed)
    return _is_open(parsed)


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not any(address in network for network in _CLOSED)


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The addresses of IPv4 that the network would really call."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()


def check_url(url: str) -> URL:
    """The URL as it is called: of http or https, with a host and without fragment.

    Whether the host is public is not known from its name: its addresses are judged when they are.

    Raises:
        OnrecordError: it is no such URL, or holds what none should: a name or password, white space, control characters.
    """
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise OnrecordError(f"{show_url(url)} is longer than {LONGEST_URL:,} characters: give a shorter address.")
    if not url.isprintable() or " " in url or "\\" in url:
        raise OnrecordError(f"{show_url(url)} holds a space or a sign that no address has: check the address.")
    try:
        parsed = URL(url, encoded=url.isascii()).with_fragment(None)  # what is encoded stays so, for it may be signed
        host, port = parsed.raw_host or "", parsed.port
    except (ValueError, IndexError) as error:  # the second is a slip of yarl, as at 0://[]@
        raise OnrecordError(f"{show_url(url)} is not a web address: check it.") from error
    if parsed.scheme not in ("http", "https"):
        raise OnrecordError(f"{show_url(url)} is not a web address: it begins with https:// or http://.")
    if "@" in parsed.raw_authority:
        raise OnrecordError(f"{show_url(url)} is given with a user name or password: leave them out.")
    if not _is_host(host) or not port:
        raise OnrecordError(f"{show_url(url)} does not name a site: check the address.")
    return parsed


def is_address(host: str) -> bool:
    """Tells whether a host is an IP address as it is usually written."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def show_url(url: str) -> str:
    """A URL as it may be shown: one line of at most 100 characters, without name, password, query and fragment."""
    bare = re.sub(r"//[^/?#]*@", "//", re.split(r"[?#]", url[: 2 * LONGEST_URL], maxsplit=1)[0])
    shown = "".join(character if character.isprintable() else "?" for character in bare)
    return shown if 0 < len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"


def _is_host(host: str) -> bool:
    if is_address(host):
        return "%" not in host
    # What ends in a number is an address in a spelling of old (127.1, 0x7f.1, 2130706433): no browser calls it a name.
    return len(host) <= 254 and bool(_HOST.fullmatch(host)) and not _NUMBER.fullmatch(host)
