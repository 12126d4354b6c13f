"""From the text of a policy file to its document, or to the list of everything that is wrong in it."""

from typing import Any

from plans.policyfile.faults import Fault, Faults, PolicyFileError
from plans.policyfile.format import POLICY
from plans.policyfile.loading import load_values
from plans.policyfile.references import check_references

Document = dict[str, Any]


def read_document(text: str) -> Document:
    """The document of a policy file's text. Raises PolicyFileError with every fault."""
    return checked_document(load_values(text))


def checked_document(values: Any) -> Document:
    """The document of plain values, as YAML gives them. Raises PolicyFileError with every fault."""
    if not isinstance(values, dict):
        raise PolicyFileError([Fault("", "a policy file is a map that begins with policy and name")])
    faults = Faults()
    document: Document = POLICY(values, "", faults)
    check_references(document, faults)
    if faults.found:
        raise PolicyFileError(faults.found)
    return document
