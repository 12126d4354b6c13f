"""Which channel of a plan takes which severity, as one grid.

A row with every box is a channel without a limit, one with some is a limit, and one with none is a channel
that the plan does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.punctuation import listed
from plans.admin.reading import Shown
from plans.enums import EditionState
from plans.models import Channel, Edition, Plan, Severity

# The one column of an edition that has no severities yet.
ANY = "any"
# Keys of the channels, each with the columns it takes.
Taken = dict[str, list[str]]


class ChannelsWidget(forms.Widget):
    """A table of boxes, channel by severity. ``channels`` and ``severities`` are the edition's."""

    channels: Sequence[Channel] = ()
    severities: Sequence[Severity] = ()
    before: dict[str, list[str]] | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return drawn(self.channels, self.severities, value or {}, name=name, before=self.before)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Taken:
        many = hasattr(data, "getlist")
        return {
            str(row.pk): data.getlist(f"{name}-{row.pk}") if many else list(data.get(f"{name}-{row.pk}", ()))
            for row in self.channels
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return ""


class ChannelsField(forms.Field):
    """The grid; its value has the columns of each channel that takes anything."""

    widget = ChannelsWidget

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"required": False, "label": _("channels")} | kwargs
        super().__init__(**given)

    def offer(self, channels: Sequence[Channel], severities: Sequence[Severity]) -> None:
        """Draw these channels and severities."""
        widget: Any = self.widget
        widget.channels, widget.severities = channels, severities

    def clean(self, value: Any) -> Taken:
        widget: Any = self.widget
        known = _columns(widget.severities)
        return {key: [one for one in known if one in taken] for key, taken in (value or {}).items() if taken}

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _sets(initial) != _sets(data)


class PlanForm(forms.ModelForm):
    """A plan with its grid of channels."""

    takes = ChannelsField()
    offered: tuple[Sequence[Channel], Sequence[Severity]] = ((), ())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("takes")
        if field is None:
            return
        field.offer(*self.offered)
        if self.instance.pk:
            self.initial["takes"] = taken_by(self.instance, self.offered[1])
            field.widget.before = _in_force(self.instance)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        if "takes" in self.cleaned_data:
            keep(self.instance, self.cleaned_data["takes"], self.offered)


def keep(plan: Plan, taken: Taken, offered: tuple[Sequence[Channel], Sequence[Severity]]) -> None:
    """Store the channels that a plan has, and the limits of those that do not take everything."""
    channels, severities = offered
    wanted = [row for row in channels if taken.get(str(row.pk))]
    plan.channels.set(wanted)
    plan.channel_limits.exclude(channel__in=wanted).delete()
    for channel in wanted:
        found = set(taken[str(channel.pk)])
        some = [row for row in severities if str(row.pk) in found]
        if len(some) == len(severities) or not severities:
            plan.channel_limits.filter(channel=channel).delete()
        else:
            plan.channel_limits.get_or_create(channel=channel)[0].severities.set(some)


def taken_by(plan: Plan, severities: Sequence[Severity]) -> Taken:
    """What each channel of a stored plan takes. Three queries."""
    limits = {
        row.channel_id: [str(severity.pk) for severity in row.severities.all()]
        for row in plan.channel_limits.prefetch_related("severities")
    }
    every = _columns(severities)
    return {str(row.pk): limits.get(row.pk, every) for row in plan.channels.all()}


def drawn(
    channels: Sequence[Channel],
    severities: Sequence[Severity],
    taken: Taken,
    *,
    name: str = "",
    before: dict[str, list[str]] | None = None,
) -> SafeString:
    """The table; boxes to tick where it has a ``name``, else only read."""
    columns: list[tuple[str, Severity | None]] = [(str(row.pk), row) for row in severities]
    columns = columns or [(ANY, None)]
    rows = [
        {
            "channel": row,
            "name": f"{name}-{row.pk}",
            "cells": [(key, severity, key in taken.get(str(row.pk), ())) for key, severity in columns],
            "way_out": _way_out(row, channels, severities, taken),
            "is_changed": before is not None
            and before.get(row.code, []) != _codes(taken.get(str(row.pk), ()), severities),
        }
        for row in channels
    ]
    context = {"severities": severities, "rows": rows, "is_edited": bool(name)}
    return render_to_string("admin/plans/plan/channels.html", context)


def rows_of(edition: Edition) -> tuple[list[Channel], list[Severity]]:
    """The channels and severities of an edition. Two queries."""
    return list(Channel.objects.filter(edition=edition)), list(Severity.objects.filter(edition=edition))


def _read(plan: Plan) -> SafeString:
    channels, severities = rows_of(plan.edition)
    return drawn(channels, severities, taken_by(plan, severities))


# The grid for who only reads.
CHANNELS = Shown("takes", _("channels"), _read)


def _way_out(
    channel: Channel, channels: Sequence[Channel], severities: Sequence[Severity], taken: Taken
) -> str:
    """Where somebody goes with what this channel does not take."""
    mine = taken.get(str(channel.pk), [])
    if not mine:
        return _t("not in the plan")
    missing = [str(row.pk) for row in severities if str(row.pk) not in mine]
    if not missing:
        return _t("not needed")
    others = [
        row.title()
        for row in channels
        if row != channel and all(key in taken.get(str(row.pk), ()) for key in missing)
    ]
    return listed(others) or _t("no other channel takes them")


def _in_force(plan: Plan) -> dict[str, list[str]] | None:
    """Codes of the severities by code of the channel, as the edition in force has them; None without one."""
    there = Plan.objects.filter(
        edition__policy=plan.edition.policy_id, edition__state=EditionState.PUBLISHED, code=plan.code
    ).first()
    if there is None or not plan.edition.is_draft:
        return None
    severities = list(Severity.objects.filter(edition=there.edition_id))
    taken = taken_by(there, severities)
    return {row.code: _codes(taken[str(row.pk)], severities) for row in there.channels.all()}


def _codes(taken: Iterable[str], severities: Sequence[Severity]) -> list[str]:
    found = set(taken)
    return [row.code for row in severities if str(row.pk) in found]


def _columns(severities: Sequence[Severity]) -> list[str]:
    return [str(row.pk) for row in severities] or [ANY]


def _sets(taken: Taken | None) -> dict[str, set[str]]:
    return {key: set(columns) for key, columns in (taken or {}).items() if columns}
