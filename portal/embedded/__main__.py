"""``python -m portal.embedded url | start | stop | remove [--test]``: the embedded server from a shell."""

from __future__ import annotations

import argparse
import sys

from . import EmbeddedPostgresError, server


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description="The embedded PostgreSQL.")
    parser.add_argument("action", choices=["url", "start", "stop", "remove"], help="url starts it too")
    parser.add_argument("--test", action="store_true", help="the server that the tests use")
    arguments = parser.parse_args()
    chosen = server(fast=arguments.test)
    try:
        if arguments.action in ("url", "start"):
            url = chosen.ensure_running()
            print(url if arguments.action == "url" else "The embedded PostgreSQL is running.")
        elif arguments.action == "stop":
            print("Stopped." if chosen.stop() else "It was not running.")
        else:
            chosen.remove()
    except EmbeddedPostgresError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
