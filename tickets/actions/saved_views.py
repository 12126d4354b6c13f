"""Verbs of saved views: keep one under a name, rename it, put it elsewhere, remove it.

Who may look after shared views is the door's to ask; here it is given as ``shares``.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.refusals import Refused
from tickets.models import SavedView

LONGEST_NAME = 40
# Own views of one person, and shared ones: each is a tab, and is counted with every page of the queue.
MOST_VIEWS = 12


def keep_view(
    *, owner: User, name: str, asked: dict[str, Any], is_shared: bool = False, shares: bool = False
) -> SavedView:
    """Keep a view, the last in its row.

    Raises Refused: ``view_not_yours``, ``too_many_views``, ``view_name``.
    """
    if is_shared and not shares:
        raise _not_yours()
    with transaction.atomic():
        # Two at once wait for each other: neither passes the limit.
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)
        row = list(_row(owner, is_shared))
        if len(row) >= MOST_VIEWS:
            raise Refused(
                "too_many_views",
                _("There are %(most)s views already.") % {"most": MOST_VIEWS},
                _("Remove one that nobody needs any more, then save this one."),
            )
        position = max((view.position for view in row), default=0) + 1
        view = SavedView(owner=owner, asked=asked, is_shared=is_shared, position=position)
        return _named(view, name)


def rename_view(*, view: SavedView, actor: User, name: str, shares: bool = False) -> SavedView:
    """Give it another name. Raises Refused: ``view_not_yours``, ``view_name``."""
    _check_yours(view, actor, shares)
    return _named(view, name)


def remove_view(*, view: SavedView, actor: User, shares: bool = False) -> None:
    """Remove it. The requests it showed are untouched. Raises Refused: ``view_not_yours``."""
    _check_yours(view, actor, shares)
    view.delete()


def move_view(*, view: SavedView, actor: User, earlier: bool, shares: bool = False) -> None:
    """Put it one place earlier or later in its row. Raises Refused: ``view_not_yours``."""
    _check_yours(view, actor, shares)
    with transaction.atomic():
        row = list(_row(view.owner, view.is_shared).select_for_update())
        old = next((index for index, other in enumerate(row) if other.pk == view.pk), 0)
        new = min(len(row) - 1, max(0, old + (-1 if earlier else 1)))
        row.insert(new, row.pop(old))
        for position, other in enumerate(row, start=1):
            other.position = position
        SavedView.objects.bulk_update(row, ["position"])


def _row(owner: User, is_shared: bool) -> Any:
    """The tabs that stand together: everybody's, or one person's."""
    rows = SavedView.objects.filter(is_shared=is_shared).order_by("position", "pk")
    return rows if is_shared else rows.filter(owner=owner)


def _named(view: SavedView, name: str) -> SavedView:
    view.name = " ".join(name.split())
    if not view.name or len(view.name) > LONGEST_NAME:
        raise Refused(
            "view_name",
            _("A view needs a name of at most %(most)s characters.") % {"most": LONGEST_NAME},
            _("Write a short one, such as “Federation, high”."),
        )
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Refused(
            "view_name",
            _("There is a view called “%(name)s” already.") % {"name": view.name},
            _("Choose another name, or remove the old one first."),
        ) from None
    return view


def _check_yours(view: SavedView, actor: User, shares: bool) -> None:
    if not (shares if view.is_shared else view.owner_id == actor.pk):
        raise _not_yours()


def _not_yours() -> Refused:
    return Refused(
        "view_not_yours",
        _("Views that everybody sees are looked after by leads."),
        _("Save one for yourself, or ask a lead."),
    )
