"""The audit trail of the set-up: who changed which row, from what to what. Read only."""

from __future__ import annotations

from datetime import datetime

from auditlog.models import LogEntry
from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from notices.admin import ReadOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_help = _("Every change of the set-up: who, what, from what to what. Nothing here can be edited.")
    list_title = _("Audit")
    list_display = ("when", "who", "did", "kind", "named")
    list_display_links = ("when", "named")
    list_filter = ("action", ("content_type", admin.RelatedOnlyFieldListFilter), "timestamp")
    list_select_related = ("actor", "content_type")
    search_fields = ("object_repr",)
    search_help_text = _("Words of what was changed")
    ordering = ("-timestamp",)
    fields = ("when", "who", "did", "kind", "named", "what", "remote_addr")
    readonly_fields = ("when", "who", "did", "kind", "named", "what")

    @admin.display(description=_("when"), ordering="timestamp")
    def when(self, entry: LogEntry) -> datetime:
        return entry.timestamp

    @admin.display(description=_("who"), ordering="actor__name")
    def who(self, entry: LogEntry) -> str:
        return str(entry.actor) if entry.actor else _t("Automatic")

    @admin.display(description=_("did what"), ordering="action")
    def did(self, entry: LogEntry) -> str:
        words = {
            LogEntry.Action.CREATE: _t("added"),
            LogEntry.Action.UPDATE: _t("changed"),
            LogEntry.Action.DELETE: _t("deleted"),
            LogEntry.Action.ACCESS: _t("read"),
        }
        return words.get(entry.action, str(entry.action))

    @admin.display(description=_("kind of row"), ordering="content_type")
    def kind(self, entry: LogEntry) -> str:
        return str(entry.content_type.name) if entry.content_type else "-"

    @admin.display(description=_("which"), ordering="object_repr")
    def named(self, entry: LogEntry) -> str:
        return entry.object_repr or "-"

    @admin.display(description=_("changes"))
    def what(self, entry: LogEntry) -> SafeString | str:
        changes = entry.changes_dict or {}
        rows = [(name, *_two(values)) for name, values in changes.items()]
        if not rows:
            return "-"
        cells = format_html_join("", "<tr><th scope=row>{}</th><td>{}</td><td>{}</td></tr>", rows)
        return format_html(
            '<table class="table"><thead><tr><th scope=col>{}</th><th scope=col>{}</th>'
            "<th scope=col>{}</th></tr></thead><tbody>{}</tbody></table>",
            _("Field"),
            _("Before"),
            _("After"),
            cells,
        )


def _two(values: object) -> tuple[str, str]:
    """Old and new value; changes of many rows at once come as something else."""
    if isinstance(values, list | tuple) and len(values) == 2:
        return str(values[0]), str(values[1])
    return "", str(values)
