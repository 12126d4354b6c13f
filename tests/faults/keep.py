"""``python -m tests.faults.keep FOLDER``: the job cluster of ``manage.py up`` alone, under its supervisor."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django


def main(folder: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from portal.management.commands.up import Command
    from portal.supervisor import Supervisor

    command = Command()
    command.port = 0
    jobs = [part for part in command.parts(folder / "run") if part.name == "background jobs"]
    supervisor = Supervisor(jobs, say=command.say, with_parent=True)
    supervisor.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
