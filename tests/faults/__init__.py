"""Faults on purpose: kill -9 of anything, frozen job clusters, the database away, clocks that jump.

``make faults`` (``python -m tests.faults``) is the long run; ``test_kills.py`` a small one in the suite. What
is due stands in the tables before, so the check is a difference of sets: what was to be recorded, what was.
"""
