"""What is wrong in a policy file, each fault with its path."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is as in the file (`plans[2].targets.first_response.P9`), empty for the file as a whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class PolicyFileError(ValueError):
    """A policy file that is refused whole. `faults` lists everything that is wrong, in the file's order."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Faults:
    """Collects faults while a file is being checked."""

    found: list[Fault] = field(default_factory=list)

    def add(self, path: str, message: str) -> None:
        """Note a fault; the same one is noted once, and not more than 500."""
        fault = Fault(path, message)
        if len(self.found) < 500 and fault not in self.found:
            self.found.append(fault)


def below(path: str, key: Any) -> str:
    """The path of a key in a map (or of an index in a list) at `path`."""
    if isinstance(key, int) and not isinstance(key, bool):
        return f"{path}[{key}]"
    written = str(key)
    written = written if len(written) <= 60 else f"{written[:57]}..."
    return f"{path}.{written}" if path else written
