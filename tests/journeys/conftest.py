"""The server's clock in journeys: the test moves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine


class Clock:
    """The server's clock: set to an instant, and moved on. It stands still in between."""

    def __init__(self, traveller: time_machine.Traveller, at: datetime) -> None:
        self._traveller = traveller
        self.at = at

    def move(self, to: datetime) -> None:
        self.at = to
        self._traveller.move_to(to, tick=False)

    def forward(self, **length: float) -> None:
        self.move(self.at + timedelta(**length))


@pytest.fixture
def clock(at: datetime) -> Iterator[Clock]:
    """The clock at ``at``; the live server's thread sees it too."""
    travel = time_machine.travel(at, tick=False)
    traveller = travel.start()
    yield Clock(traveller, at)
    travel.stop()
