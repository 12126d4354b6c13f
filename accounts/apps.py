from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and organizations"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from accounts.models import Contact, Mandate, Organization, User

        auditlog.register(User, exclude_fields=["password", "last_login"])
        for model in (Organization, Contact, Mandate):
            auditlog.register(model)
