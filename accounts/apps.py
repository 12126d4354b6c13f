from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and organizations"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from accounts import mailable
        from accounts.models import Absence, Contact, Mandate, Organization, Team, User
        from notices.checks import register_check
        from notices.preferences import add_group

        auditlog.register(User, exclude_fields=["password", "last_login"])
        for model in (Organization, Contact, Mandate, Absence):
            auditlog.register(model)
        auditlog.register(Team, m2m_fields={"members"})
        register_check(mailable.check)
        add_group(mailable.ACCOUNT)
