"""Each mail of the corpus: no crash, the bytes kept, the expected end, and nothing in anybody else's name."""

from __future__ import annotations

import hashlib

import pytest

from tests.mailin.corpus import machines, odd, people
from tickets.models import Attachment, Message, Ticket

CASES = people.CASES + machines.CASES + odd.CASES


def test_the_corpus_is_large_and_each_case_has_a_name_of_its_own():
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_mail(case, world, take):
    raw = case.build(world)
    said = set(Message.objects.values_list("pk", flat=True))
    asked = set(Ticket.objects.values_list("pk", flat=True))
    row = take(raw)
    assert (row.state, row.reason) == (case.state, case.reason), row.last_error
    assert (bytes(row.raw), row.digest) == (raw, hashlib.sha256(raw).hexdigest())
    messages = list(Message.objects.exclude(pk__in=said))
    tickets = list(Ticket.objects.exclude(pk__in=asked))
    if not case.by:
        assert (messages, tickets) == ([], [])
        return
    writer = getattr(world, case.by)
    assert {message.author for message in messages} | {ticket.requester for ticket in tickets} == {writer}
    assert len(messages) + len(tickets) == 1
    assert all(message.side == ("support" if writer.is_staff else "customer") for message in messages)
    assert all(message.visibility == ("internal" if writer.is_staff else "public") for message in messages)
    if case.says is not None:
        assert [*(m.body for m in messages), *(t.description for t in tickets)] == [case.says]
    if case.files is not None:
        new = Attachment.objects.filter(message__in=messages) | Attachment.objects.filter(ticket__in=tickets)
        assert new.count() == case.files
        assert all("/" not in file.name and "\n" not in file.name for file in new)
