"""``make bench``: measure in one run, print tables, and one JSON object on the last line."""

from __future__ import annotations

import json

from bench import engine, sweep


def main() -> None:
    """Print every figure; ratios are taken within this run, since machines differ and drift."""
    print(json.dumps({"engine": engine.run(), "sweep": sweep.run()}))


if __name__ == "__main__":
    main()
