"""The policy file: reading and checking it, rows from it, and it from rows.

A *document* here is the checked form of a file: a dict with every key of the format, defaults filled in,
dates as dates, hours as seven lists, targets by metric and severity. Two files with equal documents say the
same.
"""

from plans.policyfile.faults import Fault, PolicyFileError
from plans.policyfile.reading import Document, checked_document, read_document

__all__ = ["Document", "Fault", "PolicyFileError", "checked_document", "read_document"]
