"""``manage.py up`` (behind ``make run``): prepare everything, serve the portal, and keep it running."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from django.urls import NoReverseMatch, reverse

from notices.locks import MIGRATING, alone
from portal import embedded
from portal.heartbeat import Heartbeat
from portal.supervisor import Part, Supervisor, handle_stop_signals
from tickets.demo.people import COMPANIES, PARTNER, PASSWORD, STAFF

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Sets up database, static files and demo data, then serves the portal with its background jobs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="no demo data, even with DEBUG on")
        parser.add_argument("--with-parent", action="store_true", help="stop when the starting process ends")

    def handle(self, *args: Any, **options: Any) -> None:
        # Until there are parts to stop in order, any signal is as good as Ctrl-C.
        handle_stop_signals(signal.default_int_handler)
        self.port = int(os.environ.get("PORT") or 8000)
        self.announced = False
        folder = Path(settings.DATA_DIR) / "run"
        database = None if os.environ.get("DATABASE_URL") else embedded.server()
        supervisor = Supervisor(
            self.parts(folder),
            database=database,
            on_look=self.announce,
            say=self.say,
            with_parent=options["with_parent"],
        )
        with only_one(folder / "lock"):
            try:
                supervisor.end_stale()
                refuse_taken_port(self.port)
                self.prepare(with_demo=settings.DEBUG and not options["no_demo"])
                supervisor.run()
            except KeyboardInterrupt:
                self.say("Stopped before everything was ready; the next start goes on from here.")
            finally:
                connections.close_all()
                # Any command starts the database on demand, so it may stop whenever nobody is using it.
                if database and not database.is_used():
                    database.stop()
        self.say("All stopped.")

    def say(self, line: str) -> None:
        # Whoever read the output may be gone; that is no reason to stop serving.
        with suppress(OSError):
            self.stdout.write(line)
            self.stdout.flush()

    def parts(self, folder: Path) -> list[Part]:
        web = [sys.executable, "-m", "gunicorn", "portal.wsgi:application", f"--bind={HOST}:{self.port}"]
        web += ["--workers=2", "--threads=4", "--timeout=60", "--graceful-timeout=5", "--log-level=warning"]
        web += ["--no-control-socket", f"--chdir={settings.BASE_DIR}"]
        jobs = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "qcluster"]
        return [
            Part("web server", web, ("gunicorn",), folder / "web.json"),
            Part("background jobs", jobs, ("qcluster",), folder / "jobs.json", fault=Heartbeat().fault),
        ]

    # Preparing.

    def prepare(self, *, with_demo: bool) -> None:
        """Everything that a first start needs; on a later one each step finds its work done."""
        self.say("Preparing the database ...")
        # Several machines may start on one database.
        with alone(MIGRATING):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
        if not settings.WHITENOISE_USE_FINDERS:
            self.say("Collecting static files ...")
            call_command("collectstatic", interactive=False, verbosity=0)
        if with_demo:
            self.ensure_demo()
        connections.close_all()

    def ensure_demo(self) -> None:
        """Demo data on the first run; they count as there when the command once ran to its end here."""
        done = Path(settings.DATA_DIR) / "run" / "demo.done"
        if done.exists() and get_user_model()._default_manager.filter(email=STAFF[0][0]).exists():
            return
        self.say("Writing demo data ...")
        call_command("demo", verbosity=0)
        done.touch()

    # Saying that it runs.

    def announce(self) -> None:
        """Once, when the web server answers for the first time: where to go, and as whom."""
        if self.announced or not answers(self.port):
            return
        self.announced = True
        url = f"http://{HOST}:{self.port}"
        pages = {"Portal": "/", "Administration": page("admin:index"), "API": "/api/v1/docs/"}
        lines = ["", "Kept is running. Ctrl-C stops all of it.", ""]
        lines += [f"  {name:<16}{url}{path}" for name, path in pages.items() if path]
        people = demo_people() if settings.DEBUG else {}
        if people:
            lines += ["", f"  Sign in with the password {PASSWORD} as", ""]
            lines += [f"  {email:<46}{who}" for email, who in people.items()]
            lines += ["", "  Everybody else, and API tokens: .venv/bin/python manage.py demo"]
        self.say("\n".join([*lines, ""]))


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock of this data folder; CommandError where another ``up`` has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CommandError(
                f"The portal of {path.parent.parent} is running already (process {file.read().strip()}). "
                "Stop it first, or set another DATA_DIR and PORT."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Set another one: PORT={port + 1} make run"
            ) from None


def answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def page(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def demo_people() -> dict[str, str]:
    """Who of the demonstration can sign in here, as what: staff, partner, one administrator a policy."""
    firsts = {company.policy: company for company in reversed(COMPANIES)}
    people = {
        email: f"{name}, {role} (back office at {page('admin:index')})" for email, name, role, _ in STAFF
    }
    people[f"partner@{PARTNER}.example"] = "partner, acts for the organizations it manages"
    people |= {
        f"admin@{one.slug}.example": f"{one.name}, plan {one.plan}" for one in reversed(firsts.values())
    }
    known = get_user_model()._default_manager.filter(is_active=True, email__in=people)
    emails = set(known.values_list("email", flat=True))
    connections.close_all()
    return {email: who for email, who in people.items() if email in emails}
