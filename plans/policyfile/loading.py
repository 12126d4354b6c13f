"""From the text of a YAML file to plain values, refusing what YAML lets pass.

Only plain data is read (no tags of Python). A key that is written twice, a bomb of aliases, an alias within
itself and a file that is too big are faults, not surprises later.
"""

import re
from typing import Any

import yaml

from plans.policyfile.faults import Fault, Faults, PolicyFileError, below

MAX_CHARACTERS = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 40


class PlainLoader(yaml.SafeLoader):
    """SafeLoader that reads decimal numbers only, and leaves as text what is no number or date.

    To YAML 1.1 `4:00` is 240, `014` is 12 and `1_4` is 14; here they are the text that was written, which the
    format then refuses where it wants a number. `2026-02-30`, and a tag that doesn't fit its scalar, too.
    """


_NUMBERS = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"),
    "tag:yaml.org,2002:float": re.compile(
        r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
    ),
}
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if tag not in _NUMBERS]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _form in _NUMBERS.items():
    PlainLoader.add_implicit_resolver(_tag, _form, list("-+.0123456789"))


def _lenient(tag: str) -> None:
    strict = yaml.SafeLoader.yaml_constructors[tag]

    def construct(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
        try:
            return strict(loader, node)
        except (ValueError, OverflowError, LookupError, AttributeError):  # what PyYAML lets through
            return loader.construct_scalar(node)

    PlainLoader.add_constructor(tag, construct)


for _kind in ("bool", "int", "float", "timestamp"):
    _lenient(f"tag:yaml.org,2002:{_kind}")


def load_values(text: str) -> Any:
    """The values of a YAML text. Raises PolicyFileError for what is no YAML, or no plain data."""
    if len(text) > MAX_CHARACTERS:
        raise PolicyFileError([Fault("", f"the file is longer than {MAX_CHARACTERS:,} characters")])
    try:
        return _constructed(text)
    except yaml.YAMLError as error:
        raise PolicyFileError([Fault("", f"no valid YAML: {_words(error)}")]) from None
    except PolicyFileError:
        raise
    except (RecursionError, ValueError):
        raise PolicyFileError([Fault("", "no valid YAML: nested too deeply, or a bad value")]) from None


def _constructed(text: str) -> Any:
    loader = PlainLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        faults = Faults()
        sizes: dict[int, int] = {}
        _measure(node, "", faults, sizes, set())
        if sizes.get(id(node), 0) > MAX_NODES:
            faults.add("", f"the file stands for more than {MAX_NODES:,} values (aliases repeat them)")
        if faults.found:
            raise PolicyFileError(faults.found)
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _measure(node: yaml.Node, path: str, faults: Faults, sizes: dict[int, int], above: set[int]) -> int:
    """How many values a node stands for, aliases followed; notes keys written twice and cycles."""
    if id(node) in above:
        faults.add(path, "it contains itself")
        return 0
    if id(node) in sizes:
        return sizes[id(node)]
    if len(above) > MAX_DEPTH:
        faults.add(path, "it is nested too deeply")
        return 0
    above.add(id(node))
    size = 1
    if isinstance(node, yaml.SequenceNode):
        size += sum(_measure(n, below(path, i), faults, sizes, above) for i, n in enumerate(node.value))
    elif isinstance(node, yaml.MappingNode):
        size += _measure_keys(node, path, faults, sizes, above)
    above.discard(id(node))
    sizes[id(node)] = size
    return size


def _measure_keys(
    node: yaml.MappingNode, path: str, faults: Faults, sizes: dict[int, int], above: set[int]
) -> int:
    seen: set[str] = set()
    size = 0
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            faults.add(path, "a key is a plain word")
            continue
        if key.value in seen:
            faults.add(below(path, key.value), "this key is written twice")
        seen.add(key.value)
        size += 1 + _measure(value, below(path, key.value), faults, sizes, above)
    return size


def _words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else str(problem)
