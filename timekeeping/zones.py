"""From a wall time in a zone to an instant, where clocks are turned back and forward (time.md, Coverage)."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from .instants import DAY, EPOCH, OUT_OF_YEARS, HorizonError, to_seconds

NAIVE_EPOCH = datetime(1970, 1, 1)
EPOCH_ORDINAL = NAIVE_EPOCH.toordinal()


class WallClock:
    """The clock on the wall of one zone. Dates are proleptic ordinals, instants seconds since 1970.

    Around most dates the zone's offset does not change; there it is kept, and all is plain arithmetic.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._steady: dict[int, int | None] = {}

    def shown_at(self, at: int) -> tuple[int, int]:
        """The local date and the second of that day. Raises HorizonError outside the years 1 to 9999."""
        day = at // DAY
        offset = self._steady[day] if day in self._steady else self._look(day)
        if offset is not None:
            days, second = divmod(at + offset, DAY)
            return EPOCH_ORDINAL + days, second
        local = self._local(at)
        return local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second

    def first(self, ordinal: int, second: int) -> int:
        """The instant at which a wall time first comes; where it is missing, the instant of the change.

        `second` counts from the midnight of the date and may pass 24 hours.
        """
        return self._resolve(ordinal, second, last=False)

    def last(self, ordinal: int, second: int) -> int:
        """The instant at which a wall time last comes; where it is missing, the instant of the change."""
        return self._resolve(ordinal, second, last=True)

    def plain_midnight(self, ordinal: int) -> int | None:
        """The midnight with which a date begins, None where the clock changes at it or within two days.

        After a plain one each wall time of two days first comes as much later as it is later on the wall: a
        change between would bring the two ends nearer to each other or further apart.
        """
        midnight = self.first(ordinal, 0)
        return midnight if self.first(ordinal, 2 * DAY) - midnight == 2 * DAY else None

    def _resolve(self, ordinal: int, second: int, last: bool) -> int:
        naive = (ordinal - EPOCH_ORDINAL) * DAY + second
        day = naive // DAY
        offset = self._steady[day] if day in self._steady else self._look(day)
        if offset is not None:
            return naive - offset
        wall = NAIVE_EPOCH + timedelta(0, naive)
        before = naive - self._offset(wall)
        after = naive - self._offset(wall.replace(fold=1))
        if before == after:
            return before
        if before < after:  # the wall time comes twice
            return after if last else before
        return self._change(after, before)

    def _look(self, day: int) -> int | None:
        """The offset from two days before a date to three after, None where it changes.

        Three looks will do: no zone ever changed its clock there and back within three days.
        """
        offsets = {self._offset_at((day + step) * DAY) for step in (-2, 0, 3)}
        steady = self._steady[day] = offsets.pop() if len(offsets) == 1 else None
        return steady

    def _change(self, low: int, high: int) -> int:
        """The first instant in (low, high] at which the offset is no longer the one at `low`."""
        old = self._offset_at(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset_at(middle) == old:
                low = middle
            else:
                high = middle
        return high

    def _offset(self, wall: datetime) -> int:
        offset = self.zone.utcoffset(wall)
        assert offset is not None  # a ZoneInfo always knows
        return offset.days * DAY + offset.seconds

    def _offset_at(self, at: int) -> int:
        return to_seconds(self._local(at).replace(tzinfo=UTC)) - at

    def _local(self, at: int) -> datetime:
        try:
            return (EPOCH + timedelta(0, at)).astimezone(self.zone)
        except OverflowError:
            raise HorizonError(OUT_OF_YEARS) from None


@cache
def wall_clock(name: str) -> WallClock:
    """The wall clock of an IANA zone, one for all who ask. Raises ValueError where there is no such zone."""
    try:
        return WallClock(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        raise ValueError(f"no such time zone: {name}") from None
