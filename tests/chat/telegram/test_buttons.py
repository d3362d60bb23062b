"""What is written in the 64 bytes of a button, and read back."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.telegram.buttons import (
    Context,
    Page,
    Press,
    Show,
    Use,
    UseAll,
    Vote,
    decode,
    encode,
    release_key,
    release_with_key,
)
from bot.index.releases import ReleasesInMemory
from bot.model import Release

numbers = st.integers(0, 2**63 - 1)
ids = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True) | st.text(min_size=1)
presses = st.one_of(
    st.builds(Show, numbers, numbers),
    st.builds(Context, numbers, numbers),
    st.builds(Vote, numbers, numbers, st.booleans()),
    st.builds(Use, ids.map(release_key)),
    st.just(UseAll()),
    st.builds(Page, numbers),
)


@given(presses)
def test_every_press_fits_in_a_button_and_is_read_back(press: Press) -> None:
    data = encode(press)
    assert 1 <= len(data.encode()) <= 64
    assert decode(data) == press


@given(st.text() | st.binary() | st.none() | st.from_regex(r"[0-2][a-z][0-9]*\.?[0-9]*"))
def test_anything_else_means_nothing_or_a_press_that_can_be_written(data: object) -> None:
    press = decode(data)
    assert press is None or decode(encode(press)) == press


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "2s1.0",
        "s1.0",
        "1s1",
        "1s.0",
        "1s-1.0",
        "1s1.0 ",
        "1s1.0\n",
        "1s١.٠",
        "1x1.0",
        "1r",
        "1r<b>",
        "1r~",
        "1p",
        f"1s{2**63}.0",
        f"1p{2**63}",
        "1s" + "9" * 62 + ".0",
        "1a1",
        7,
        None,
    ],
)
def test_garbage_is_no_press(data: object) -> None:
    assert decode(data) is None


@given(ids, ids)
def test_a_release_is_found_by_its_key(one: str, other: str) -> None:
    releases = ReleasesInMemory([Release(id=one, text="", title=""), Release(id=other, text="", title="")])
    found = release_with_key(release_key(other), releases)
    assert found is not None
    assert found.id == other


class Unread(ReleasesInMemory):
    """Releases that must be looked up, not walked."""

    def __iter__(self) -> Iterator[Release]:
        raise AssertionError("walked")

    def find(self, release_id: str) -> Release | None:
        return self[self.index_of[release_id]] if release_id in self.index_of else None

    def ids(self) -> Iterator[str]:
        return iter(self.index_of)

    @property
    def index_of(self) -> dict[str, int]:
        return {self[place].id: place for place in range(len(self))}


def test_no_release_is_walked_over_to_find_one(make_release: Callable[..., Release]) -> None:
    releases = Unread([make_release(id=one) for one in ("quay", "a/b c", "x" * 64)])
    for place, one in enumerate(("quay", "a/b c", "x" * 64)):
        assert release_with_key(release_key(one), releases) is releases[place]
    assert release_with_key(release_key("no/such"), releases) is None


def test_the_key_of_a_plain_id_is_the_id(make_release: Callable[..., Release]) -> None:
    assert release_key("taihu-bay_2021") == "taihu-bay_2021"
    assert release_key("x" * 64).startswith("~")
    assert release_with_key("gone", ReleasesInMemory([make_release()])) is None
    assert release_with_key(release_key("x" * 64), ReleasesInMemory([make_release()])) is None
