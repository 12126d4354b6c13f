"""The few marks that the pictures are made of, as SVG text. Geometry in attributes, colour by class."""

from __future__ import annotations

from html import escape

WIDE = 0x2E80  # from here on a letter is as wide as it is high


def number(value: float) -> str:
    """A coordinate with at most one decimal, so that equal pictures are equal text."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def tag(name: str, cls: str, inner: str | None = None, **attributes: float | str) -> str:
    """One element; attribute names take ``_`` for ``-``; ``inner`` is markup already escaped."""
    written = f' class="{cls}"' if cls else ""
    for key, value in attributes.items():
        text = value if isinstance(value, str) else number(value)
        written += f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"'
    return f"<{name}{written}/>" if inner is None else f"<{name}{written}>{inner}</{name}>"


def text(x: float, y: float, words: str, cls: str, anchor: str = "middle") -> str:
    """One line of text."""
    return tag("text", cls, escape(words), x=x, y=y, text_anchor=anchor)


def width(words: str, size: float = 12.5) -> float:
    """About how wide a line will be drawn; a little too much rather than too little."""
    return sum(size * (1.0 if ord(c) >= WIDE else 0.34 if c in " .,:il|'" else 0.58) for c in words)


def clipped(words: str, room: float, size: float = 12.5) -> str:
    """The words, cut with an ellipsis where they would be wider than the room."""
    if width(words, size) <= room:
        return words
    while words and width(words + "…", size) > room:
        words = words[:-1].rstrip()
    return words + "…"


def patterns(uid: str, *, upright: bool = False) -> str:
    """The patterns of pauses, holidays and overdue time, under ids of this picture alone."""
    along = {"y": 2.5, "width": 7.0, "height": 2.0} if upright else {"x": 2.5, "width": 2.0, "height": 7.0}
    stripe = tag("rect", "rb-pause-ink", None, **along)
    return tag(
        "defs",
        "",
        _pattern(
            f"{uid}d",
            7,
            tag("rect", "rb-pat-bg", width=7, height=7) + tag("circle", "rb-pat-ink", cx=3.5, cy=3.5, r=1.25),
        )
        + _pattern(
            f"{uid}p",
            7,
            tag("rect", "rb-pause-bg", width=7, height=7) + stripe,
        )
        + _pattern(
            f"{uid}l",
            6,
            tag("rect", "rb-late-bg", width=6, height=6) + tag("rect", "rb-late-ink", width=2, height=6),
            "rotate(45)",
        ),
    )


def _pattern(uid: str, size: int, inner: str, turn: str = "") -> str:
    extra = {"patternTransform": turn} if turn else {}
    return tag("pattern", "", inner, id=uid, width=size, height=size, patternUnits="userSpaceOnUse", **extra)


def picture(uid: str, cls: str, wide: float, high: float, title: str, inner: str) -> str:
    """The whole picture, named by its title."""
    return tag(
        "svg",
        cls,
        tag("title", "", escape(title), id=f"{uid}t") + inner,
        viewBox=f"0 0 {number(wide)} {number(high)}",
        role="img",
        aria_labelledby=f"{uid}t",
    )
