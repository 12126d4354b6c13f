"""Numbers that somebody typed."""

import pytest

from tickets.typed import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None), ("1.0", None)]
    + [("٣", None), ("²", None), (" 7", None), ("7\0", None)],
)
def test_plain_digits_alone_are_a_number(text: str, number: int | None) -> None:
    assert whole_number(text) == number
