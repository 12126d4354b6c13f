"""``manage.py demo``: the five policies, and people, contracts and requests under each."""

from __future__ import annotations

import io
import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from notices.locks import MIGRATING, alone
from tickets.demo.duties import give_duties
from tickets.demo.mails import take_mails
from tickets.demo.people import COMPANIES, PARTNER, PASSWORD, STAFF, make_people
from tickets.demo.requests import act_out
from tickets.demo.teams import make_teams

POLICIES = settings.BASE_DIR / "plans" / "policies"


class Command(BaseCommand):
    help = "Fill the database with demonstration data; what is there stays. Prints API tokens as JSON last."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["force"]:
            raise CommandError(
                "DEBUG is off here, so this may be a real portal: everybody could sign in with the"
                " demonstration's password. Add --force if that is what you want."
            )
        # On a new database it is the first thing that anybody runs; and perhaps twice.
        with alone(MIGRATING):
            call_command("migrate", verbosity=0)
            made, tokens = self._make()
        if options["verbosity"]:
            self._say(made, tokens)

    def _make(self) -> tuple[int, dict[str, str]]:
        """What is not there yet. Returns how many requests were made, and API tokens by email."""
        at = timezone.now().replace(microsecond=0)
        files = sorted(str(path) for path in POLICIES.glob("*.yaml"))
        # What each import changed is of interest to nobody here; its faults are raised.
        call_command("policy", "import", *files, "--publish", stdout=io.StringIO())
        tokens = make_people(at)
        give_duties()
        make_teams()
        made = act_out(at)
        take_mails(at)
        return made, tokens

    def _say(self, made: int, tokens: dict[str, str]) -> None:
        """Who can sign in, and the tokens."""
        self.stdout.write(f"{made} requests made. Everybody's password is {PASSWORD}.")
        for email, _name, role, _is_superuser in STAFF:
            self.stdout.write(f"  {email:48} {role}, back office at /admin/")
        for company in COMPANIES:
            self.stdout.write(
                f"  admin@{company.slug}.example".ljust(50) + f" {company.name}, {company.plan}"
            )
        self.stdout.write(f"  partner@{PARTNER}.example".ljust(50) + " Mosaic IT, manages two of them")
        self.stdout.write(json.dumps({"tokens": tokens}))
