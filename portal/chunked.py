"""Bodies that come in pieces (``Transfer-Encoding: chunked``), as many clients send JSON by themselves.

Django reads as much of a body as ``Content-Length`` says, and of these nothing: what was sent would count as
empty. They are put together before it looks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024
# Beside the files of a form, its other fields and what stands between them.
_AROUND = 1024 * 1024


def with_length(application: Application) -> Application:
    """The application, given bodies in pieces as a whole.

    One beyond what any form may hold is cut off there, and refused as too large or as broken.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_chunked = environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
        # Only where the server says that it reads no further than the body.
        if not is_chunked or not environ.get("wsgi.input_terminated"):
            return application(environ, start_response)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as whole:
            length = _copied(environ["wsgi.input"], whole)
            whole.seek(0)
            return application(environ | {"wsgi.input": whole, "CONTENT_LENGTH": str(length)}, start_response)

    return answer


def _copied(pieces: Any, whole: Any) -> int:
    """How many bytes were copied: all of them, up to a little more than is ever taken."""
    most = settings.ATTACHMENTS_PER_MESSAGE * settings.ATTACHMENT_MAX_BYTES + _AROUND
    length = 0
    while length <= most and (piece := pieces.read(_PIECE)):
        whole.write(piece)
        length += len(piece)
    return length
