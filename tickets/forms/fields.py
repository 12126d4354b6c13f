"""Form fields that several forms of the portal share."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tickets.actions.files import faults_of_files, too_large_file, too_many_files

LONGEST_TEXT = 50_000
LONGEST_SUBJECT = 200


class FilesInput(forms.ClearableFileInput):
    """Says the limits to the script too, which tells before anything is sent; the server checks anyway."""

    allow_multiple_selected = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-most": settings.ATTACHMENTS_PER_MESSAGE,
            "data-most-bytes": settings.ATTACHMENT_MAX_BYTES,
            "data-too-many": too_many_files(),
            # The script puts the file's name in.
            "data-too-large": too_large_file("{name}"),
        }
        return context


class FilesField(forms.FileField):
    """Any number of files; the faults of each are said in words."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, label=_("Files"), allow_empty_file=True, max_length=None, **kwargs)

    @property
    def limits(self) -> str:
        """How many files, and how large, in words."""
        megabytes = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
        return _("Up to %(n)s files of %(size)s MB each.") % {
            "n": settings.ATTACHMENTS_PER_MESSAGE,
            "size": megabytes,
        }

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, list) else [data]) if file]
        if faults := faults_of_files(files):
            raise forms.ValidationError(faults)
        return files


def text_field(label: Any, hint: Any = "", rows: int = 6, **kwargs: Any) -> forms.CharField:
    """A text of several lines, with its limit said in words."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "max_length": _(
                "This is too long: keep it under %(limit_value)d characters, or attach it as a file."
            )
        },
        **kwargs,
    )


def line_field(label: Any, longest: int, hint: Any = "", **kwargs: Any) -> forms.CharField:
    """A text of one line; control characters such as line breaks become spaces."""
    return LineField(
        label=label,
        help_text=hint,
        max_length=longest,
        # No maxlength attribute: what is pasted is not cut silently, the answer says how much is too much.
        error_messages={"max_length": _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")}
        | kwargs.pop("error_messages", {}),
        **kwargs,
    )


class LineField(forms.CharField):
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class ClientKeyField(forms.UUIDField):
    """The hidden key of a form: sent twice, it does its work once. A damaged one is made anew."""

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)

    def clean(self, value: Any) -> uuid.UUID:
        try:
            return super().clean(value) or uuid.uuid4()
        except forms.ValidationError:
            return uuid.uuid4()
