"""What the operations page promises about variables is what the settings read."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
READERS = ["portal/settings.py", "portal/embedded/account.py", "portal/embedded/binaries.py"]
READERS += ["portal/management/commands/up.py", "portal/heartbeat.py"]


def test_every_environment_variable_is_explained() -> None:
    pattern = re.compile(r"""env(?:iron)?(?:\.\w+)?\(\s*["']([A-Z_]+)["']""")
    read = {name for path in READERS for name in pattern.findall((REPOSITORY / path).read_text())}
    explained = set(re.findall(r"`([A-Z_]+)`", (REPOSITORY / "docs" / "operations.md").read_text()))

    assert len(read) > 15
    assert read - explained == set()
