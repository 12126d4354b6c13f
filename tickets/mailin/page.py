"""A mail that is a web page, as text: nothing is fetched, and what is hidden from its reader is left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

LONGEST_PAGE = 500_000
# Reading elements within elements takes a time that grows with the square of their depth.
MOST_TAGS = 10_000
_KEPT = {"style", "hidden", "aria-hidden", "type", "class", "href", "alt"}
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("i", "img", "li", "ol", "p", "pre", "section", "span", "strong", "table", "tbody", "td", "th", "tr"),
    *("u", "ul", "dl", "dt", "dd", "article", "center", "header", "footer", "thead"),
}
_BLOCKS = {
    *("p", "div", "tr", "table", "ul", "ol", "pre", "section", "article", "center", "header", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dl", "dt", "dd", "hr"),
}
_EMPTY = {"br", "hr", "img"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.0-9]*[1-9])|opacity\s*:\s*0(?![.0-9])"
    r"|max-height\s*:\s*0(?![.0-9])|mso-hide\s*:\s*all",
    re.IGNORECASE,
)


def text_of_page(page: str) -> str:
    """The text that a reader of the page sees; quotations begin their lines with ``>``."""
    # Cleaned first: the parser below is quick on well-formed pages alone.
    sound = nh3.clean(
        _shortened(page),
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head", "template", "noscript", "svg", "math"},
        attributes={"*": _KEPT},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(sound)
    reader.close()
    return reader.text()


def _shortened(page: str) -> str:
    """The page up to what can be read quickly; the rest is in the stored mail."""
    page = page[:LONGEST_PAGE]
    if page.count("<") <= MOST_TAGS:
        return page
    return "<".join(page.split("<", MOST_TAGS)[:MOST_TAGS])


class _Reader(HTMLParser):
    """Collects text; ``hidden`` counts open elements below a hidden one, itself included."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.open: list[tuple[str, bool, str]] = []
        self.quotes = 0
        self.hidden = 0
        self.as_written = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS or tag in ("br", "li"):
            self._break(paragraph=tag in ("p", "blockquote", "table", "ul", "ol"))
        if tag == "li":
            self.line.append("- ")
        if tag in ("td", "th", "dd") and self.line:
            self.line.append(" ")
        if tag in _EMPTY:
            return
        hides = "hidden" in given or bool(_HIDDEN.search(given.get("style", "")))
        self.hidden += hides
        self.quotes += tag == "blockquote"
        self.as_written += tag == "pre"
        self.open.append((tag, hides, given.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            return
        _tag, hides, link = self.open.pop()
        if tag == "a" and link.startswith(("http://", "https://")) and not self.hidden:
            said = "".join(self.line)
            if link not in said:
                self.line.append(f" <{link[:2000]}>")
        if tag in _BLOCKS or tag == "li":
            self._break(paragraph=tag in ("p", "blockquote", "table"))
        self.hidden -= hides
        self.quotes -= tag == "blockquote"
        self.as_written -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.as_written:
            first, *rest = data.split("\n")
            self.line.append(first)
            for more in rest:
                self._break()
                self.line.append(more)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        if words.strip() or (self.line and words):
            self.line.append(words if self.line else words.lstrip())

    def text(self) -> str:
        self._break()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        joined = "\n".join(line.rstrip() for line in self.lines)
        return re.sub(r"\n{3,}", "\n\n", joined.replace("\xa0", " ")).strip()

    def _break(self, paragraph: bool = False) -> None:
        said = "".join(self.line)
        self.line = []
        mark = "> " * min(self.quotes, 10)
        if said.strip():
            self.lines.append(mark + said)
        if paragraph and self.lines and self.lines[-1].strip("> "):
            self.lines.append(mark)
