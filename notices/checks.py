"""May this notice still go? Asked at the moment of sending, of the rooms that know the people.

The outbox knows recipients by key only. Each room above registers one function for a whole batch, so that a
closed account or a revoked contact bites on the very next mail, at a constant number of queries a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from notices.enums import Stop
from notices.models import Notice


@dataclass(frozen=True)
class Verdict:
    """What a room says of a notice; what it says nothing of may go as it is.

    ``stop``: why it may not go. ``is_bare``: it may go without a word of its contents, because the address
    is not proven to be the person's; unless another room says ``is_proven``. ``email``: the person's address
    where it is another one by now.
    """

    stop: Stop | None = None
    is_bare: bool = False
    is_proven: bool = False
    email: str = ""


GO = Verdict()
Check = Callable[[Sequence[Notice], datetime], Mapping[int, Verdict]]
_checks: list[Check] = []


def register_check(check: Check) -> None:
    """Have ``check(notices, at)`` asked before each batch; it returns verdicts by primary key."""
    if check not in _checks:
        _checks.append(check)


def verdicts(notices: Sequence[Notice], at: datetime) -> dict[int, Verdict]:
    """One verdict for each: any room may stop it, one that knows the address proven lifts its bareness."""
    said = [check(notices, at) for check in _checks] if notices else []
    return {notice.pk: _together(each.get(notice.pk, GO) for each in said) for notice in notices}


def _together(said: Iterable[Verdict]) -> Verdict:
    words = list(said)
    return Verdict(
        stop=next((word.stop for word in words if word.stop), None),
        is_bare=any(word.is_bare for word in words) and not any(word.is_proven for word in words),
        email=next((word.email for word in words if word.email), ""),
    )
