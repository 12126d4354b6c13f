"""Canned replies: leads and managers write them, agents put them into answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.admin import PlainAdmin
from tickets.canned import placeholder_lines, unknown_in
from tickets.models import CannedReply


class CannedReplyForm(forms.ModelForm):
    """A text whose placeholders are all known."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    class Meta:
        model = CannedReply
        fields = ("title", "language", "policy", "body", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.fields["body"].help_text = _("Placeholders: %(list)s.") % {
                "list": ", ".join(placeholder_lines())
            }
        if "policy" in self.fields:
            self.fields["policy"].help_text = _("Empty: for the requests of every policy.")

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if unknown := unknown_in(body):
            names = ", ".join(f"{{{name}}}" for name in unknown)
            raise forms.ValidationError(
                _("There is no placeholder %(names)s. Choose among those listed here.") % {"names": names}
            )
        return body


@admin.register(CannedReply)
class CannedReplyAdmin(PlainAdmin):
    form = CannedReplyForm
    list_help = gettext_lazy(
        "Texts to put into an answer. A title may stand here in several languages: the requester's is taken."
    )
    list_display = ("title", "language", "policy", "is_active")
    list_filter = ("language", "is_active")
    list_select_related = ("policy",)
    search_fields = ("title", "body")
    search_help_text = gettext_lazy("Title or text")
