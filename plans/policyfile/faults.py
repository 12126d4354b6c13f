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
    """Collects faults while a file is being checked.

    `short` maps the path of a value in the long form to the path at which the file has it in a short one.
    """

    found: list[Fault] = field(default_factory=list)
    short: dict[str, str] = field(default_factory=dict)

    def add(self, path: str, message: str) -> None:
        """Note a fault, at the path as written; the same one is noted once, and not more than 500."""
        fault = Fault(self._as_written(path), message)
        if len(self.found) < 500 and fault not in self.found:
            self.found.append(fault)

    def reads_short(self, path: str, key: str) -> None:
        """What stands at `path` is read as a map with `key`: faults of it are the value's own."""
        self.short[below(path, key)] = path

    def _as_written(self, path: str) -> str:
        for long, short in self.short.items():
            if path == long or path.startswith((f"{long}[", f"{long}.")):
                return short + path[len(long) :]
        return path


def below(path: str, key: Any) -> str:
    """The path of a key in a map (or of an index in a list) at `path`."""
    if isinstance(key, int) and not isinstance(key, bool):
        return f"{path}[{key}]"
    written = str(key)
    written = written if len(written) <= 60 else f"{written[:57]}..."
    return f"{path}.{written}" if path else written
