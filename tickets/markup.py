"""Messages as people write them (Markdown) turned into HTML that is safe to show to anybody.

Two gates: the Markdown reader passes no HTML through, and nh3 keeps only the tags below. Images are left out
altogether, since a remote one tells its owner who read the message and when; their words stay.
"""

from __future__ import annotations

from importlib import import_module

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_SCHEMES = {"http", "https", "mailto", "tel"}
# Beyond these a text is shown as it was written: reading Markdown must stay quick, and its time grows with
# the number of its marks. A log of the longest size has half as many.
_LONGEST, _MOST_MARKS = 60_000, 10_000
_MARKS = "[]*_`~|<!\\"
# Short rows of a wide table are filled up with empty cells: a few signs could become a page of them.
import_module("markdown_it.rules_block.table").MAX_AUTOCOMPLETED_CELLS = 1_000  # type: ignore[attr-defined]

_reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)
# A heading of a message would stand among those of the page.
_reader.disable(["image", "heading", "lheading"])


def rendered(text: str) -> SafeString:
    """Return ``text`` (Markdown) as safe HTML; links open nothing but the web, mail and phone."""
    if len(text) > _LONGEST or sum(map(text.count, _MARKS)) > _MOST_MARKS:
        return mark_safe(f"<pre>{nh3.clean_text(text)}</pre>")  # noqa: S308 - escaped by nh3
    html = nh3.clean(
        _reader.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(html)  # noqa: S308 - cleaned by nh3 above
