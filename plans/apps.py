from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = _("Support terms")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.people_rules import answer_with
        from notices.preferences import add_group
        from plans.notice_groups import CONTRACTS
        from plans.people_rules import people_rules

        answer_with(people_rules)
        add_group(CONTRACTS)
