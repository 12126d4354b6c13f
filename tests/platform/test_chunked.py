"""A body that comes in pieces is read as one that came whole."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from portal.chunked import with_length


def read(sent: bytes, **environ: Any) -> tuple[str, bytes]:
    """The length and the body that the application gets."""
    got: list[tuple[str, bytes]] = []

    def application(given: dict[str, Any], start_response: Any) -> list[bytes]:
        length = given.get("CONTENT_LENGTH", "")
        got.append((length, given["wsgi.input"].read(int(length or 0))))
        return [b""]

    list(with_length(application)({"wsgi.input": BytesIO(sent), **environ}, lambda *told: None))
    return got[0]


def test_pieces_are_put_together() -> None:
    pieces = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert read(b'{"a": 1}', **pieces) == ("8", b'{"a": 1}')
    assert read(b"", **pieces) == ("0", b"")
    assert read(b"x" * 3_000_000, **pieces)[0] == "3000000"


def test_no_more_is_kept_than_is_ever_taken(settings) -> None:
    settings.ATTACHMENTS_PER_MESSAGE, settings.ATTACHMENT_MAX_BYTES = 1, 10
    pieces = {"HTTP_TRANSFER_ENCODING": "Chunked", "wsgi.input_terminated": True}
    assert int(read(b"x" * 5_000_000, **pieces)[0]) < 1_200_000


def test_others_are_left_alone() -> None:
    assert read(b"abc", CONTENT_LENGTH="3") == ("3", b"abc")
    assert read(b"abc", HTTP_TRANSFER_ENCODING="chunked") == ("", b"")
