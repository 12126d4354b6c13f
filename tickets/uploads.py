"""Uploads are written to disk as they come, and no further than may be kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class NoMoreThanIsKept(FileUploadHandler):
    """Stands before the handlers that store: what passes the limit of a file is read and dropped.

    The file then counts as too large and is refused in words, and whatever is sent costs no more disk than a
    file that is allowed.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.ATTACHMENT_MAX_BYTES else None

    def file_complete(self, file_size: int) -> Any:
        return None
