from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "Requests"

    def ready(self) -> None:
        """Previews of a policy say what real requests would have come to (decision 12)."""
        from plans.preview import add_section
        from tickets.what_if import preview_section

        add_section(preview_section)
