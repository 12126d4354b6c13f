"""The lists that an edition holds: its plans, severities, calendars and so on."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.models import Edition

# Relation of an edition, the model whose list shows it.
PARTS = (
    ("plans", "plan", _("Plans")),
    ("severities", "severity", _("Severities")),
    ("support_types", "supporttype", _("Support types")),
    ("channels", "channel", _("Channels")),
    ("calendars", "businesscalendar", _("Calendars")),
    ("holiday_sets", "holidayset", _("Holiday sets")),
    ("request_fields", "requestfield", _("Request form")),
    ("categories", "requestcategory", _("Categories")),
    ("impact_rules", "impactrule", _("Impact rules")),
    ("functions", "contactfunction", _("Contact functions")),
    ("entitlements", "entitlement", _("Entitlements")),
    ("scope_items", "scopeitem", _("Scope")),
    ("exclusions", "exclusion", _("Exclusions")),
    ("conditions", "condition", _("Conditions")),
)


def parts_of(edition: Edition) -> list[dict[str, Any]]:
    """The lists that an edition holds, with how many rows each has. One query."""
    counted = Edition.objects.filter(pk=edition.pk).values(
        **{f"n_{name}": _count_of(name) for name, _model, _label in PARTS}
    )
    counts: dict[str, Any] = dict(counted.get())
    return [
        {
            "label": label,
            "model": model,
            "count": counts[f"n_{name}"],
            "url": reverse(f"admin:plans_{model}_changelist") + f"?edition__id__exact={edition.pk}",
        }
        for name, model, label in PARTS
    ]


def _count_of(relation: str) -> Any:
    """How many rows of an edition a relation has, as a subquery: joins of all would multiply."""
    rows = Edition._meta.get_field(relation).related_model._default_manager.filter(edition=OuterRef("pk"))  # type: ignore[union-attr]
    counted = rows.order_by().values("edition").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
