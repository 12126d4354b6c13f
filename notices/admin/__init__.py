"""The outbox in the back office, and what every plain list there shares."""

from notices.admin.outbox import NoticeAdmin
from notices.admin.plain import CappedPaginator, PlainAdmin, PlainFields, ReadOnlyAdmin

__all__ = ["CappedPaginator", "NoticeAdmin", "PlainAdmin", "PlainFields", "ReadOnlyAdmin"]
