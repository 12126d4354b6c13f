"""Random policy files through `manage.py due --file` against the walked minutes: 10,000 cases.

`python -m bench.random_policies [CASES]`; prints cases, differences and seconds, and exits 1 on a difference.
"""

import os
import sys
from time import perf_counter

import django

CASES_OF_A_FILE = 25


def run(cases: int = 10_000) -> dict[str, float]:
    """Ask until so many cases were compared; every difference is printed as it comes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from tests.terms.asking import differences

    began, asked, wrong, files = perf_counter(), 0, 0, 0
    while asked < cases:
        count, found = differences(f"bench {files}", min(CASES_OF_A_FILE, cases - asked))
        asked, wrong, files = asked + count, wrong + len(found), files + 1
        for line in found:
            print(line, flush=True)
    seconds = round(perf_counter() - began, 1)
    print(f"{asked} cases, {wrong} differences, {seconds} seconds, {files} policy files")
    return {"cases": asked, "differences": wrong, "seconds": seconds}


if __name__ == "__main__":
    sys.exit(1 if run(*(int(number) for number in sys.argv[1:2]))["differences"] else 0)
