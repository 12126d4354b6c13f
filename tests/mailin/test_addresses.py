"""Signed reply addresses: per person and request, unguessable, and read back whatever servers did to case."""

from __future__ import annotations

import pytest

from tickets.mailin.addresses import read_reply_address, reply_address
from tickets.mailin.head import one_address


def test_an_address_is_read_back_whatever_its_case():
    address = reply_address(17, 4)
    assert read_reply_address(address) == (17, 4)
    assert read_reply_address(address.upper()) == (17, 4)


def test_the_longest_fits_a_local_part():
    address = reply_address(2**63 - 1, 2**31 - 1)
    assert len(address.split("@")[0]) <= 64
    assert read_reply_address(address) == (2**63 - 1, 2**31 - 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.replace("reply+17.", "reply+18."),
        lambda a: a.replace("17.4.", "17.5."),
        lambda a: a.replace("17.4.", "1.74."),
        lambda a: a.replace("17.4.", "017.4."),
        lambda a: a.replace("17.4.", "١٧.4."),
        lambda a: a.replace("@", "a@"),
        lambda a: a.split("@")[0] + "@elsewhere.example",
        lambda a: a.split("@")[0],
        lambda a: "",
        lambda a: "@",
        lambda a: "reply+17.4.@kept.example",
        lambda a: "x" * 10_000 + a,
    ],
)
def test_anything_else_is_none(change):
    assert read_reply_address(change(reply_address(17, 4))) is None


def test_each_character_of_the_signature_counts():
    address = reply_address(17, 4)
    start, end = address.index(".4.") + 3, address.index("@")
    for place in range(start, end):
        other = "a" if address[place] != "a" else "b"
        assert read_reply_address(address[:place] + other + address[place + 1 :]) is None


def test_a_replaced_key_is_honoured_while_it_is_a_fallback(settings):
    old = settings.SECRET_KEY
    address = reply_address(17, 4)
    settings.SECRET_KEY = "another key, long enough to be one"
    assert read_reply_address(address) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_reply_address(address) == (17, 4)
    assert reply_address(17, 4) != address


def test_a_sender_of_endless_length_is_none():
    assert one_address('"Ada" <ada@company.example>') == "ada@company.example"
    assert one_address('"' + '\\"' * 5_000 + '" <ada@company.example>') == ""
