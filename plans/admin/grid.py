"""Targets of a plan as a grid: promises by severity, each cell written as in the policy file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from plans.admin.base import OfEditionInline
from plans.enums import EditionState, Metric
from plans.models import Plan, Severity, Target
from plans.models.codes import DURATION_PATTERN, TARGET_PATTERN


class CellForm(forms.ModelForm):
    """One cell; empty means that nothing is promised there."""

    class Meta:
        model = Target
        fields = ("metric", "severity", "written", "is_elapsed")
        widgets = {"metric": forms.HiddenInput, "severity": forms.HiddenInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["written"].required = False

    def clean_written(self) -> str:
        written = "".join(self.cleaned_data.get("written", "").lower().split())
        if not written:
            return ""
        if not re.fullmatch(TARGET_PATTERN, written) or not re.search("[1-9]|nbd", written):
            raise forms.ValidationError(
                _("“%(written)s” is no target. Write 4h, 30m or 1h30m; 2bd for two business days; nbd."),
                params={"written": self.cleaned_data["written"]},
            )
        return written

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("is_elapsed") and given.get("written"):
            if not re.fullmatch(DURATION_PATTERN, given["written"]):
                self.add_error(
                    "written", _t("On the wall only hours and minutes are counted. Write 4h or 30m.")
                )
        elif given.get("is_elapsed") and "written" in given:
            self.add_error("written", _t("Write a length of time, or take away the tick."))
        return cleaned


class GridFormSet(BaseInlineFormSet):
    """A form for every cell of metric and severity; an emptied one deletes its target."""

    def __init__(self, *args: Any, instance: Any = None, queryset: Any = None, **kwargs: Any) -> None:
        severities = list(Severity.objects.filter(edition=instance.edition_id)) if instance.pk else []
        self.severities = severities
        there = (
            {(target.metric, target.severity_id) for target in instance.targets.all()}
            if instance.pk
            else set()
        )
        empty = [
            {"metric": metric, "severity": severity.pk}
            for metric in Metric.values
            for severity in severities
            if (metric, severity.pk) not in there
        ]
        kwargs["initial"] = empty
        self.extra, self.max_num = len(empty), len(empty) + len(there)
        super().__init__(*args, **kwargs, instance=instance, queryset=queryset)  # type: ignore[misc]

    def _should_delete_form(self, form: forms.BaseForm) -> bool:
        emptied = "written" in form.cleaned_data and not form.cleaned_data["written"]
        return bool(form.instance.pk and emptied and not form.cleaned_data.get("is_elapsed"))  # type: ignore[attr-defined]

    def grid(self) -> Iterator[tuple[str, list[Any]]]:
        """Rows of the table: the promise's name and its cells, by severity; each with what `was` in force."""
        cells = {}
        codes, before = {str(row.pk): row.code for row in self.severities}, self._in_force()
        form: Any
        for form in self.forms:
            key = str(form["metric"].value()), str(form["severity"].value())
            said = before.get((key[0], codes.get(key[1], "")), "") if before is not None else None
            form.was = None if said is None or said == _cell(form) else said or "-"
            cells[key] = form
        for metric in Metric:
            yield str(metric.label), [cells.get((metric.value, str(row.pk))) for row in self.severities]

    def _in_force(self) -> dict[tuple[str, str], str] | None:
        """What the edition in force says in each cell; None where there is none, or no such plan."""
        if not self.instance.pk or not self.instance.edition.is_draft:
            return None
        there = Plan.objects.filter(
            edition__policy=self.instance.edition.policy_id,
            edition__state=EditionState.PUBLISHED,
            code=self.instance.code,
        )
        found = there.prefetch_related("targets__severity").first()
        if found is None:
            return None
        return {
            (row.metric, row.severity.code): _said(row.written, row.is_elapsed) for row in found.targets.all()
        }


def _cell(form: Any) -> str:
    """What stands in a cell now, saved or not."""
    return _said(str(form["written"].value() or ""), bool(form["is_elapsed"].value()))


def _said(written: str, is_elapsed: bool) -> str:
    words = "".join(written.lower().split())
    return _t("%(target)s on the wall") % {"target": words} if words and is_elapsed else words


class TargetsInline(OfEditionInline):
    """The grid draws its own cells, read or edited."""

    model = Target
    form = CellForm
    formset = GridFormSet
    template = "admin/plans/plan/targets.html"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("severity")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        return [(None, {"fields": CellForm.Meta.fields})]
