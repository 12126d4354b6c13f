from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "Requests"

    def ready(self) -> None:
        """Say to the rooms below what only tickets know: previews of a policy (decision 12), mail (19)."""
        from auditlog.registry import auditlog
        from django.core.checks import Tags, register

        from notices.bounces import on_bounce
        from notices.checks import register_check
        from notices.preferences import add_group
        from plans.preview import add_section
        from tickets import checks, mail_rights
        from tickets.actions.bounced import note_on_ticket
        from tickets.models import Duty
        from tickets.notice_groups import GROUPS
        from tickets.what_if import preview_section

        register(checks.senders_of_mail_are_proven, Tags.security, deploy=True)
        auditlog.register(Duty)
        add_section(preview_section)
        register_check(mail_rights.check)
        on_bounce(note_on_ticket)
        for group in GROUPS:
            add_group(group)
