"""Only public addresses are called, however they are written."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import OnrecordError
from bot.reading.addresses import check_url, is_public, show_url

SPECIAL_V4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
).split()
SPECIAL_V6 = (
    "::/128 ::1/128 ::/96 64:ff9b:1::/48 100::/64 2001:db8::/32 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
)
PUBLIC = ("8.8.8.8", "93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001:80b::200e")


def special_v4() -> st.SearchStrategy[IPv4Address]:
    return st.one_of(*(st.ip_addresses(network=IPv4Network(network)) for network in SPECIAL_V4))


def embedded(address: IPv4Address) -> list[str]:
    """An address of IPv4 in all the ways that one of IPv6 can stand for it."""
    number, inverted = int(address), int(address) ^ 0xFFFF_FFFF
    public = int(IPv4Address("8.8.8.8"))
    numbers = [
        number,  # compatible
        0xFFFF << 32 | number,  # mapped
        0x64FF9B << 96 | number,  # NAT64
        0x64FF9B_0001 << 80 | number,
        0x2002 << 112 | number << 80 | 1,  # 6to4
        0x2001_0000 << 96 | number << 64 | public ^ 0xFFFF_FFFF,  # Teredo: its server, its client
        0x2001_0000 << 96 | public << 64 | inverted,
    ]
    return [str(IPv6Address(each)) for each in numbers]


@given(special_v4())
def test_no_special_address_is_public_by_itself_or_embedded(address: IPv4Address) -> None:
    assert not is_public(str(address))
    assert [each for each in embedded(address) if is_public(each)] == []
    assert not is_public(f"::ffff:{address}")


@given(st.one_of(*(st.ip_addresses(network=IPv6Network(network)) for network in SPECIAL_V6.split())))
def test_no_special_address_of_ipv6_is_public(address: IPv6Address) -> None:
    assert not is_public(str(address))
    assert not is_public(address.exploded)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"]
)
def test_the_metadata_of_a_cloud_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_public_address_stays_public_where_the_network_translates_it() -> None:
    assert is_public("::ffff:8.8.8.8")
    assert is_public("64:ff9b::8.8.8.8")


@given(st.ip_addresses())
def test_what_is_public_is_global_or_embeds_what_is(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert not address.is_private and not address.is_multicast and not address.is_loopback


@pytest.mark.parametrize(
    "words", ["", "localhost", "127.1", "2130706433", "0x7f000001", "fe80::1%eth0", "2606:4700::1%1"]
)
def test_what_is_no_address_is_not_public(words: str) -> None:
    assert not is_public(words)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://press.example", "https://press.example"),
        ("HTTP://Press.Example:8080/a?b=1#part", "http://Press.Example:8080/a?b=1"),
        ("  https://press.example/a  ", "https://press.example/a"),
        ("https://münchen.example/Straße", "https://xn--mnchen-3ya.example/Stra%C3%9Fe"),
        ("https://press.example/a%2Fb?signed=%2F%20x", "https://press.example/a%2Fb?signed=%2F%20x"),
        ("https://press.example./@someone", "https://press.example./@someone"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
    ],
)
def test_a_url_is_called_as_it_is_given(url: str, called: str) -> None:
    assert str(check_url(url)) == called


@pytest.mark.parametrize("host", ["１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1"])
def test_an_address_in_other_digits_is_the_address(host: str) -> None:
    assert check_url(f"http://{host}/").raw_host == "127.0.0.1"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://press.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "gopher://x.example/",
        ),
        *("press.example/news", "//press.example/", "/etc/passwd", "", ":", "https://", "http:///x", "http:x"),
        *(
            "http://2130706433/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
            "http://0/",
        ),
        *("http://%31%32%37.0.0.1/", "http://a..example/", "http://.example/", "http://press.example%00.x/"),
        *("http://[::1", "http://[::1]x/", "http://[]@", "http://[fe80::1%25eth0]/", "http://[::1%lo]/"),
        *("http://x.example:0/", "http://x.example:65536/", "http://x.example:port/", "http://x.example:-1/"),
        *(
            "http://x.example/a b",
            "http://x .example/",
            "http://x.example/\r\nHost: y",
            "http://x.example/\0",
            "http://x\t.y/",
        ),
        *(
            "http://good.example\\@bad.example/",
            "http://x.example/\ud800",
            "http://x.example/\u202etxt",
            "http://\ud800/",
        ),
        *("http://xn--\u0130/", f"http://{'ä' * 1500}/", f"https://x.example/{'a' * 2000}"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(OnrecordError, match=r"^[^\n]*[.:] .*\.$|\.$") as caught:
        check_url(url)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 220


@pytest.mark.parametrize(
    "url", ["https://jane:hunter2@press.example/", "https://jane@press.example/", "https://:@press.example/"]
)
def test_names_and_passwords_are_neither_sent_nor_shown(url: str) -> None:
    with pytest.raises(OnrecordError, match="leave them out") as caught:
        check_url(url)
    assert "jane" not in str(caught.value) and "hunter2" not in str(caught.value)


@given(
    st.text() | st.text().map("http://".__add__) | st.from_regex(r"https?://[\[\]%@:.\-0-9a-fx]{1,30}/", fullmatch=True)
)
def test_any_words_are_a_url_or_refused(words: str) -> None:
    try:
        url = check_url(words)
    except OnrecordError:
        return
    assert url.scheme in ("http", "https") and str(url).isascii() and str(url).isprintable() and " " not in str(url)
    assert url.raw_host and not url.fragment and url.user is None and url.password is None
    try:
        meant = socket.inet_aton(url.raw_host)
    except (OSError, UnicodeError):
        return
    assert ip_address(url.raw_host).packed == meant  # the system knows no other address by the same words


@given(st.text(max_size=300))
def test_a_url_is_shown_on_one_short_line(words: str) -> None:
    for shown in (show_url(words), show_url(f"https://jane:pass@x.example/{words}?token=s3cret#s3cret")):
        assert len(shown) <= 100 and shown.isprintable() and "s3cret" not in shown
