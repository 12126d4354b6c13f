"""Messages are shown as they are meant, and nothing of them runs."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tickets.markup import rendered


class Tags(HTMLParser):
    """The tags of a text as a browser reads them, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt&colon;alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![pixel](https://tracker.example/x.png)",
        "![pixel][p]\n\n[p]: https://tracker.example/x.png",
        "[![pixel](https://tracker.example/x.png)](https://a.example)",
        "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
        '<a href="https://a.example" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        '<iframe src="https://a.example"></iframe>',
        "`<b onmouseover=alert(1)>`",
        "<svg/onload=alert(1)>",
        '<https://a.example/"onmouseover=alert(1)>',
    ],
)
def test_nothing_runs_and_nothing_is_fetched(text: str) -> None:
    tags = Tags(rendered(text))
    assert not {"script", "img", "style", "iframe", "svg", "b"} & {name for name, _ in tags.found}
    for _name, attributes in tags.found:
        assert set(attributes) <= {"href", "rel"}
        assert attributes.get("href", "https:").startswith("https:")


def test_plain_marks_become_html() -> None:
    html = rendered("**bold** and `code`\nnext line\n\n- one\n- two\n\n[a link](https://kept.example/x)")
    assert "<strong>bold</strong>" in html and "<code>code</code>" in html and "<br" in html
    assert "<li>one</li>" in html
    assert 'href="https://kept.example/x"' in html and "noopener" in html


def test_the_words_of_a_remote_image_stay_as_a_link() -> None:
    html = rendered("![the screen](https://a.example/x.png)")
    assert "the screen</a>" in html and "<img" not in html and "nofollow" in html


def test_long_and_odd_texts_are_shown_as_they_are() -> None:
    assert rendered("x" * 70_000).startswith("<pre>")
    assert "&lt;script&gt;" in rendered("<script>" + "x" * 70_000).replace("&#x2F;", "/")
    assert rendered("[" * 5_000)
    assert rendered("a\0b")


def test_a_few_signs_become_no_page_of_empty_cells() -> None:
    wide = "|a" * 700 + "\n" + "|-" * 700 + "\n" + "|\n" * 600
    assert len(rendered(wide)) < 100_000


def test_what_is_nothing_but_marks_is_shown_as_it_is() -> None:
    assert rendered("[" * 20_000).startswith("<pre>")
    assert rendered("2026-11-22 [INFO] a_b: *done* (id=1_2)\n" * 1_000).startswith("<p>")
