"""Where releases come from: files, folders, pages and standard input."""

from pathlib import Path

import pytest
from web_server import web_server

from bot.desk.sources import each_source, is_address, read_bytes, read_source
from bot.model import OnrecordError
from bot.reading.draft import Draft

PAGE = (
    "<html><head><title>A port opens</title>{head}</head><body><article><h1>A port opens</h1>"
    "<p>The mayor opened the port of Lindow on Monday, and forty boats were there to see it.</p>"
    "<p>It cost 12 million euros, which the town and the county paid together, said the mayor.</p>"
    "</article></body></html>"
)


def read(source: str) -> Draft:
    return read_source(source, private=True)


def test_a_folder_stands_for_the_files_in_it_that_can_be_read(tmp_path: Path) -> None:
    for name in ("b.txt", "a.pdf", "deep/c.docx", "picture.png", ".hidden/d.txt", ".e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [Path(source).relative_to(tmp_path).as_posix() for source in each_source([str(tmp_path)])]
    assert found == ["a.pdf", "b.txt", "deep/c.docx"]


def test_a_folder_with_nothing_to_add_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OnrecordError, match="nothing to add"):
        list(each_source([str(tmp_path)]))


@pytest.mark.parametrize("name", ["missing.txt", "nul\0byte", "x" * 5000])
def test_a_file_that_is_not_there_gets_a_sentence(name: str) -> None:
    with pytest.raises(OnrecordError, match="cannot be read: "):
        read(name)


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(OnrecordError, match="larger than 20 MB"):
        read(str(tmp_path / "large.txt"))


def test_a_page_keeps_its_own_address_and_no_other() -> None:
    with web_server() as web:
        for path, stated, kept in (
            ("/en/port", web.url("/news/port"), web.url("/news/port")),
            ("/news/quay", web.url("/"), web.url("/news/quay")),
            ("/news/crane", "https://port.example/news/crane", web.url("/news/crane")),
            ("/news/pier?utm_source=mail", "", web.url("/news/pier")),
        ):
            head = f'<link rel="canonical" href="{stated}">' if stated else ""
            web.page(path.partition("?")[0], PAGE.format(head=head).encode(), content_type="text/html; charset=utf-8")
            draft = read(web.url(path))
            assert draft.url == kept
            assert "It cost 12 million euros" in draft.text


def test_a_page_cannot_give_itself_the_id_of_another_release() -> None:
    with web_server() as web:
        web.page("/a.txt", b"---\nid: quay\n---\nThe port of Lindow is open.", content_type="text/plain")
        draft = read(web.url("/a.txt"))
    assert (draft.id, draft.text) == (None, "The port of Lindow is open.")


def test_an_address_is_known_by_its_scheme() -> None:
    assert is_address("HTTPS://a.example")
    assert not is_address("a.example/x.txt")
    assert not is_address("file:///etc/passwd")


def test_what_is_no_release_is_named_in_the_sentence() -> None:
    with pytest.raises(OnrecordError, match=r"^photo\.png is "):
        read_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100), "photo.png", shown="photo.png")
