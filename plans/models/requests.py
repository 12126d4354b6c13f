"""What a request may be: severities, support types, functions, channels, and the form."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.enums import ChannelCode, FormField
from plans.models.codes import CODE_PATTERN, matches
from plans.models.policies import EditionRow, code_once, edition_key
from plans.texts import TranslatedTextField, text_in

# A code of a severity up to this length is a mark, such as P1; a longer one is a word that its name says too.
LONGEST_MARK = 3


class Severity(EditionRow):
    """How bad it is; rank 1 is the most severe."""

    edition = edition_key("severities")
    rank = models.PositiveSmallIntegerField(verbose_name=_("rank"))
    name = TranslatedTextField(verbose_name=_("name"))
    description = TranslatedTextField(verbose_name=_("description"))
    examples = models.JSONField(
        verbose_name=_("examples"), default=list, blank=True, help_text=_("A list of texts.")
    )
    is_default = models.BooleanField(
        verbose_name=_("default"), default=False, help_text=_("Holds until someone sets another.")
    )

    class Meta:
        ordering = ["rank"]
        verbose_name = _("severity")
        verbose_name_plural = _("severities")
        constraints = [
            code_once("severity"),
            matches("severity", "code", CODE_PATTERN),
            models.UniqueConstraint(fields=["edition", "rank"], name="severity_rank_once"),
            models.UniqueConstraint(
                fields=["edition"], condition=Q(is_default=True), name="severity_one_default"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="severity_rank_from_one"),
        ]

    def title(self, language: str | None = None) -> str:
        """Its name in the reader's language."""
        return text_in(self.name, language) or self.code

    def marked(self, language: str | None = None) -> str:
        """Its mark and its name: "P1 Federation failure"; the name alone where its code is a word."""
        name = self.title(language)
        return name if len(self.code) > LONGEST_MARK or name == self.code else f"{self.code} {name}"


class SupportType(EditionRow):
    """What a request is about, as far as the terms differ."""

    edition = edition_key("support_types")
    name = TranslatedTextField(verbose_name=_("name"))
    description = TranslatedTextField(verbose_name=_("description"))
    examples = models.JSONField(
        verbose_name=_("examples"), default=list, blank=True, help_text=_("A list of texts.")
    )
    needs_licence = models.BooleanField(verbose_name=_("needs a licence"), default=False)
    identity_check = models.BooleanField(verbose_name=_("identity is checked"), default=False)

    class Meta(EditionRow.Meta):
        verbose_name = _("support type")
        verbose_name_plural = _("support types")
        constraints = [code_once("supporttype"), matches("supporttype", "code", CODE_PATTERN)]

    def title(self, language: str | None = None) -> str:
        """Its name in the reader's language."""
        return text_in(self.name, language) or self.code


class ContactFunction(EditionRow):
    """A function of a contact that limits it to some support types; a function without a row opens all."""

    edition = edition_key("functions")
    name = TranslatedTextField(verbose_name=_("name"))
    support_types = models.ManyToManyField(
        SupportType, verbose_name=_("kinds of help"), blank=True, related_name="functions"
    )

    class Meta(EditionRow.Meta):
        verbose_name = _("contact function")
        verbose_name_plural = _("contact functions")
        constraints = [code_once("contactfunction"), matches("contactfunction", "code", CODE_PATTERN)]


class Channel(EditionRow):
    """A way in which the vendor takes requests, with its own name and how to use it."""

    edition = edition_key("channels")
    code = models.CharField(verbose_name=_("code"), max_length=20, choices=ChannelCode)
    name = TranslatedTextField(verbose_name=_("name"))
    how_to = TranslatedTextField(
        verbose_name=_("how to use it"), help_text=_("How to use it: a number to call, an address.")
    )

    class Meta(EditionRow.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            code_once("channel"),
            models.CheckConstraint(condition=Q(code__in=ChannelCode.values), name="channel_known"),
        ]

    def title(self, language: str | None = None) -> str:
        """The vendor's name for it in the reader's language, or the usual one."""
        return text_in(self.name, language) or str(self.get_code_display())


class RequestField(EditionRow):
    """A field that the request form asks for."""

    edition = edition_key("request_fields")
    code = models.CharField(verbose_name=_("field"), max_length=30, choices=FormField)
    is_required = models.BooleanField(verbose_name=_("required"), default=False)

    class Meta(EditionRow.Meta):
        verbose_name = _("request field")
        verbose_name_plural = _("request fields")
        constraints = [
            code_once("requestfield"),
            models.CheckConstraint(condition=Q(code__in=FormField.values), name="requestfield_known"),
        ]


class RequestCategory(EditionRow):
    """A category that the request form offers."""

    edition = edition_key("categories")
    name = TranslatedTextField(verbose_name=_("name"))

    class Meta(EditionRow.Meta):
        verbose_name = _("request category")
        verbose_name_plural = _("request categories")
        constraints = [code_once("requestcategory"), matches("requestcategory", "code", CODE_PATTERN)]

    def title(self, language: str | None = None) -> str:
        """Its name in the reader's language."""
        return text_in(self.name, language) or self.code


class ImpactRule(models.Model):
    """Suggests a severity from the impact answers; the first rule whose conditions all hold counts."""

    edition = edition_key("impact_rules")
    position = models.PositiveSmallIntegerField(verbose_name=_("place"), default=0)
    severity = models.ForeignKey(
        Severity, verbose_name=_("severity"), on_delete=models.CASCADE, related_name="impact_rules"
    )
    can_sign_in = models.BooleanField(verbose_name=_("people can sign in"), null=True, blank=True)
    executives_affected = models.BooleanField(
        verbose_name=_("executives are affected"), null=True, blank=True
    )
    users_affected = models.PositiveIntegerField(
        verbose_name=_("people affected"), null=True, blank=True, help_text=_("This many people or more.")
    )

    class Meta:
        ordering = ["position"]
        verbose_name = _("impact rule")
        verbose_name_plural = _("impact rules")
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="impactrule_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.severity_id}"

    def title(self) -> str:
        """What it suggests, in the reader's language."""
        return _("Suggests %(severity)s") % {"severity": self.severity.title()}
