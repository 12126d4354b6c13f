"""Texts of an edition: what is in scope, what is left out, the conditions, and the entitlements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.models.codes import CODE_PATTERN, matches
from plans.models.policies import EditionRow, code_once, edition_key
from plans.texts import TranslatedTextField, text_in

if TYPE_CHECKING:
    from plans.models.offers import Plan


class Clause(EditionRow):
    """A text under a code."""

    text = TranslatedTextField(verbose_name=_("text"))

    class Meta(EditionRow.Meta):
        abstract = True

    def words(self, language: str | None = None) -> str:
        """The text in the reader's language."""
        return text_in(self.text, language)


class Exclusion(Clause):
    """What the vendor need not do, and what a breach may be excused by."""

    edition = edition_key("exclusions")

    class Meta(Clause.Meta):
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [code_once("exclusion"), matches("exclusion", "code", CODE_PATTERN)]


class Condition(Clause):
    """What the customer does its part with."""

    edition = edition_key("conditions")

    class Meta(Clause.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [code_once("condition"), matches("condition", "code", CODE_PATTERN)]


class ScopeItem(Clause):
    """What support covers: of the whole policy, or of the plans that it names."""

    edition = edition_key("scope_items")
    plans: models.ManyToManyField[Plan, Plan] = models.ManyToManyField(
        "plans.Plan", verbose_name=_("plans"), blank=True, related_name="scope_items"
    )

    class Meta(Clause.Meta):
        verbose_name = _("scope")
        verbose_name_plural = _("scope")
        constraints = [code_once("scopeitem"), matches("scopeitem", "code", CODE_PATTERN)]


class Entitlement(EditionRow):
    """Something beside answers that a plan gives: early access, a named manager, service reviews."""

    edition = edition_key("entitlements")
    name = TranslatedTextField(verbose_name=_("name"))

    class Meta(EditionRow.Meta):
        verbose_name = _("entitlement")
        verbose_name_plural = _("entitlements")
        constraints = [code_once("entitlement"), matches("entitlement", "code", CODE_PATTERN)]

    def title(self, language: str | None = None) -> str:
        """Its name in the reader's language."""
        return text_in(self.name, language) or self.code
