#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        if not _is_for_operators(error):
            raise
        sys.exit(f"The database can't be used: {' '.join(str(error).split())}\nLook at DATABASE_URL.")


def _is_for_operators(error: Exception) -> bool:
    """Whether the database is away or refuses us: its words say more than where in the code it was met."""
    from django.db import OperationalError

    return isinstance(error, OperationalError) and "connection" in str(error)


def take_mail() -> None:
    """As ``main`` for ``receive_mail``: whatever fails, the mail server has the mail and tries again."""
    try:
        main()
    except SystemExit as end:
        # 65 is ours, for a mail that is too big; 1 is what any fault at the start would end with.
        if end.code not in (None, 0, os.EX_DATAERR):
            if isinstance(end.code, str):
                sys.stderr.write(f"{end.code}\n")
            sys.exit(os.EX_TEMPFAIL)
        raise
    except Exception as error:
        sys.stderr.write(f"not kept: {type(error).__name__}: {error}\n")
        sys.exit(os.EX_TEMPFAIL)


if __name__ == "__main__":
    take_mail() if sys.argv[1:2] == ["receive_mail"] else main()
