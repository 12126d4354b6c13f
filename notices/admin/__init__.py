"""The outbox in the back office, and what every plain list there shares."""

from notices.admin.bounces import BounceAdmin
from notices.admin.outbox import NoticeAdmin
from notices.admin.plain import CappedPaginator, DaysForm, PlainAdmin, PlainFields, ReadOnlyAdmin

__all__ = [
    "BounceAdmin",
    "CappedPaginator",
    "DaysForm",
    "NoticeAdmin",
    "PlainAdmin",
    "PlainFields",
    "ReadOnlyAdmin",
]
