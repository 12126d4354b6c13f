"""The request form: it shows what the plan allows, and nothing else."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from plans.enums import FormField
from plans.texts import text_in
from tickets.actions import Submission
from tickets.forms.fields import LONGEST_SUBJECT, ClientKeyField, FilesField, line_field, text_field
from tickets.forms.impact import executives_field, impact_of, people_field, radio_field, sign_in_field
from tickets.forms.offer import Offer


class RequestForm(forms.Form):
    """A new request for one organization; fields follow ``offer``."""

    # Two requests of one page may not share ids with the conversation's reply box.
    use_required_attribute = False

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.fields["client_key"] = ClientKeyField()
        self._add_kinds()
        self._add_words()
        self._add_impact()
        self._add_severity()
        self._add_contact()
        if rate := self.offer.rate_words:
            self.fields["accepts_rate"] = forms.BooleanField(
                label=_("I accept this rate"),
                help_text=rate,
                error_messages={
                    "required": _("Tick this to send the request: help is charged under these terms.")
                },
            )
        self.fields["files"] = FilesField()

    def _asks(self, code: FormField) -> bool:
        return code in self.offer.fields

    def _requires(self, code: FormField) -> bool:
        return self.offer.fields.get(code, False)

    def _add_kinds(self) -> None:
        types = self.offer.types
        if len(types) > 1:
            self.fields["support_type"] = _choice(
                _("Kind of help"),
                [(kind.code, kind.title()) for kind in types],
                initial=self.offer.usual_type,
            )
        if products := self.offer.products:
            self.fields["product"] = _choice(
                _("Product"),
                _product_choices(products),
                required=self._requires(FormField.PRODUCT),
                empty=_("Not about a product"),
            )
        if categories := self.offer.categories:
            self.fields["category"] = _choice(
                _("Category"),
                [(row.code, row.title()) for row in categories],
                required=self._requires(FormField.CATEGORY),
                empty=_("Choose one"),
            )

    def _add_words(self) -> None:
        self.fields["subject"] = line_field(
            _("Subject"),
            LONGEST_SUBJECT,
            error_messages={"required": _("Write in a few words what this is about.")},
        )
        required = self._requires(FormField.DESCRIPTION) or not self._asks(FormField.DESCRIPTION)
        self.fields["description"] = text_field(
            _("What happens, and what did you expect?"), required=required
        )
        self.fields["description"].error_messages["required"] = _("Write what happens, so that we can begin.")
        if self._asks(FormField.DEVICE):
            self.fields["device"] = line_field(_("Device"), 120, required=self._requires(FormField.DEVICE))
        if self._asks(FormField.OPERATING_SYSTEM):
            self.fields["operating_system"] = line_field(
                _("Operating system"), 120, required=self._requires(FormField.OPERATING_SYSTEM)
            )

    def _add_impact(self) -> None:
        if not self._asks(FormField.IMPACT):
            return
        required = self._requires(FormField.IMPACT)
        self.fields["can_sign_in"] = sign_in_field(_("Can people sign in at all?"), required)
        self.fields["users_affected"] = people_field(_("How many people are affected?"), required)
        self.fields["executives_affected"] = executives_field(_("Are executives among them?"))
        self.fields["since"] = forms.DateTimeField(
            label=_("Since when?"),
            required=False,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"invalid": _("Write a day and a time, such as 2026-11-30 14:40.")},
        )
        self.fields["lost"] = line_field(_("What can't be done meanwhile?"), 500, required=False)

    def _add_severity(self) -> None:
        if not self.offer.may_choose_severity:
            return
        default = self.offer.default_severity
        self.fields["severity"] = radio_field(
            _("Severity"),
            [(row.code, row.title()) for row in self.offer.severities],
            False,
            initial=default.code if default else None,
        )

    def _add_contact(self) -> None:
        if not self._asks(FormField.BEST_TIME_TO_CONTACT):
            return
        required = self._requires(FormField.BEST_TIME_TO_CONTACT)
        for name, label in (("contact_from", _("From")), ("contact_to", _("To"))):
            self.fields[name] = forms.TimeField(
                label=label,
                required=required,
                input_formats=["%H:%M", "%H:%M:%S"],
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                error_messages={
                    "required": _("Say between which times we may call, such as 09:00 and 12:00."),
                    "invalid": _("Write a time of day, such as 09:00."),
                },
            )

    def clean_since(self) -> datetime | None:
        since: datetime | None = self.cleaned_data["since"]
        if since is not None and since > self.offer.at:
            raise forms.ValidationError(_("This time has not come yet. Give the time at which it began."))
        return since

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begin, end = cleaned.get("contact_from"), cleaned.get("contact_to")
        if "contact_from" in self.fields and not self.errors.keys() & {"contact_from", "contact_to"}:
            if begin is None and end is not None:
                self.add_error("contact_from", _t("Give the time from which we may call, too."))
            if end is None and begin is not None:
                self.add_error("contact_to", _t("Give the time up to which we may call, too."))
            if begin is not None and begin == end:
                self.add_error("contact_to", _t("Give a later time: this is when the range begins."))
        return cleaned

    def submission(self) -> Submission:
        """What was asked, for the verb. Only after ``is_valid``."""
        asked = self.cleaned_data
        plain = (
            "subject",
            "description",
            "support_type",
            "category",
            "product",
            "device",
            "operating_system",
        )
        return Submission(
            **{name: asked.get(name, "") for name in plain},
            severity=asked.get("severity", ""),
            impact=impact_of(asked) if "can_sign_in" in self.fields else None,
            best_time_to_contact=_contact_range(asked),
            files=asked.get("files", []),
        )


def _contact_range(asked: dict[str, Any]) -> dict[str, str] | None:
    begin: time | None = asked.get("contact_from")
    end: time | None = asked.get("contact_to")
    if begin is None or end is None:
        return None
    return {
        "from": f"{begin:%H:%M}",
        "to": f"{end:%H:%M}",
        "time_zone": timezone.get_current_timezone_name(),
    }


def _choice(
    label: Any, choices: list[Any], *, required: bool = True, empty: Any = None, **kwargs: Any
) -> forms.ChoiceField:
    listed = ([("", empty)] if empty is not None else []) + choices
    return forms.ChoiceField(
        label=label,
        choices=listed,
        required=required,
        **kwargs,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one of the list.")},
    )


def _product_choices(products: list[tuple[Any, bool]]) -> list[Any]:
    licensed = [(product.code, text_in(product.name) or product.code) for product, held in products if held]
    others = [(product.code, text_in(product.name) or product.code) for product, held in products if not held]
    return licensed + ([(_("Without a licence of yours"), others)] if others and licensed else others)
