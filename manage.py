#!/usr/bin/env python
"""Django's command line for this project."""

import errno
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        words = _words_for_operators(error)
        if not words:
            raise
        sys.exit(words)


def _words_for_operators(error: Exception) -> str:
    """What is wrong with the machine, in a line: more than where in the code it was met. Else nothing."""
    from django.db import OperationalError

    from portal.embedded import EmbeddedPostgresError, data_dir

    said = " ".join(str(error).split())
    if isinstance(error, EmbeddedPostgresError):
        return str(error)
    if isinstance(error, OperationalError) and "connection" in said:
        own = f"{data_dir() / 'postgres.log'}, and whether the disk is full"
        return f"The database can't be used: {said}\nLook at {'DATABASE_URL' if _has_server() else own}."
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EROFS, errno.ENOSPC):
        return f"{error.filename or 'A file'} can't be written: {error.strerror}. Look at DATA_DIR."
    return ""


def _has_server() -> bool:
    """Whether a server of the operator's is used, and not the embedded one."""
    return bool(os.environ.get("DATABASE_URL"))


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
