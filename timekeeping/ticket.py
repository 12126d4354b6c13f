"""A ticket while its history is being read: the table of moves, and which clocks each event touches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .clocks import METRICS, Clock, Metric
from .instants import DAY, HorizonError, from_seconds, optional_from_seconds, to_seconds
from .records import Event, HistoryError, Reading, Status, Terms

ANSWERED_BY_MESSAGE: tuple[Metric, ...] = ("first_response", "next_update", "next_reply")


class Refused(Exception):
    """An event that the table of moves does not know from the present status."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What an event that starts a metric begins: in it one clock is met or missed (time.md, Clocks)."""

    at: int
    event: int


class Ticket:
    """Follows events in order. Instants are seconds since 1970; `index` is that of the event being read."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.index = 0
        self.status: Status | None = None
        self.status_since = 0
        self.severity = ""
        self.clocks: list[Clock] = []
        self.stretches: dict[Metric, Stretch] = {}
        self.pauses: list[tuple[int, int | None]] = []
        self.submitted_at: int | None = None
        self.answered_at: int | None = None
        self.unanswered_since: int | None = None
        self.resolved_at: int | None = None
        self.closed_at: int | None = None
        self.reopen_until: int | None = None

    def follow(self, event: Event, at: int, index: int) -> None:
        """Let one event happen. Raises HistoryError where it may not."""
        self.index = index
        self._close_by_itself(at)
        act = ACTS.get(event.do)
        try:
            if act is None:
                raise Refused(f"no such event: {event.do}")
            if (self.status is None) != (event.do == "submit"):
                raise Refused("a history begins with its one submission")
            act(self, event, at)
        except (Refused, HorizonError) as error:
            raise HistoryError(str(error), index) from None

    def reading(self, now: int) -> Reading:
        """The ticket at an instant that is not before its last event."""
        self._close_by_itself(now)
        if self.status is None:
            return Reading()
        clocks = sorted(self.clocks, key=lambda clock: (METRICS.index(clock.metric), clock.cycle))
        since = from_seconds(self.status_since)
        return Reading(
            status=self.status,
            severity=self.severity,
            clocks=tuple(clock.reading(now, self.terms.warn_share) for clock in clocks),
            submitted_at=optional_from_seconds(self.submitted_at),
            answered_at=optional_from_seconds(self.answered_at),
            unanswered_since=optional_from_seconds(self.unanswered_since),
            waiting_since=since if self.status == "waiting" else None,
            on_hold_since=since if self.status == "on_hold" else None,
            resolved_at=optional_from_seconds(self.resolved_at),
            auto_close_at=optional_from_seconds(self._auto_close_at()),
            closed_at=optional_from_seconds(self.closed_at),
            reopen_until=optional_from_seconds(self.reopen_until),
        )

    # --- events

    def submit(self, event: Event, at: int) -> None:
        if event.severity not in self.terms.severities:
            raise Refused(f"no such severity: {event.severity}")
        self.severity = event.severity
        self.submitted_at = at
        self._become("new", at)
        self._start("first_response", at)
        self._start("resolution", at)

    def reply(self, event: Event, at: int) -> None:
        if self.status == "resolved":
            return
        self._only_from("reply", "new", "open", "waiting", "on_hold")
        self._public_message(at)
        self._start("next_update", at)
        if self.status == "new":
            self._become("open", at)

    def ask(self, event: Event, at: int) -> None:
        self._only_from("ask", "new", "open", "waiting", "on_hold")
        self._public_message(at)
        self._start("next_update", at)
        self._become("waiting", at)

    def nothing(self, event: Event, at: int) -> None:
        """A note or an automatic reply: allowed anywhere, and it meets nothing."""

    def customer(self, event: Event, at: int) -> None:
        if self.status in ("resolved", "closed"):
            if not self._may_reopen(at):
                return
            self._reopen(at)
            self._customer_message(at, begins_stretch=True)
            return
        if self.status == "waiting":
            self._become("open", at)
        self._customer_message(
            at, begins_stretch=self.answered_at is not None and self.unanswered_since is None
        )

    def hold(self, event: Event, at: int) -> None:
        self._only_from("hold", "new", "open", "waiting")
        self._become("on_hold", at)

    def unhold(self, event: Event, at: int) -> None:
        self._only_from("unhold", "on_hold")
        self._become("open", at)

    def no_reply_needed(self, event: Event, at: int) -> None:
        self._answered()
        for clock in self._open("next_reply"):
            clock.withdraw(at)

    def change_severity(self, event: Event, at: int) -> None:
        self._only_from("severity", "new", "open", "waiting", "on_hold")
        ranks = self.terms.severities
        if event.to not in ranks:
            raise Refused(f"no such severity: {event.to}")
        step = ranks.index(event.to) - ranks.index(self.severity)
        fits = {"raised": step < 0, "lowered": step > 0, "corrected": step != 0}
        if not fits.get(event.how or "", False):
            raise Refused(f"{self.severity} to {event.to} is not {event.how}")
        old, self.severity = self.severity, event.to
        for metric in METRICS:
            had_promise = self.terms.target(metric, old) is not None
            self._retarget(metric, had_promise, event.how == "raised", at)

    def resolve(self, event: Event, at: int) -> None:
        self._only_from("resolve", "new", "open", "waiting", "on_hold")
        self._public_message(at)
        self._meet(("resolution",), at)
        self._become("resolved", at)
        self.resolved_at = at

    def close(self, event: Event, at: int) -> None:
        if event.by not in ("support", "customer"):
            raise Refused(f"closed by whom: {event.by}")
        self._only_from("close", "new", "open", "waiting", "on_hold", "resolved")
        if event.by == "support":
            self._public_message(at)
        else:
            self._answered()
            self.stretches.pop("first_response", None)
            for clock in self._open(*ANSWERED_BY_MESSAGE):
                clock.withdraw(at)
        self._meet(("resolution",), at)
        self._close(at)

    def reopen(self, event: Event, at: int) -> None:
        self._only_from("reopen", "resolved", "closed")
        if not self._may_reopen(at):
            raise Refused("the reopen window has ended")
        self._reopen(at)

    def merge(self, event: Event, at: int) -> None:
        if event.carried is None:
            raise Refused("a merge brings the other ticket's clocks")
        self._only_from("merge", "new", "open", "waiting", "on_hold")
        for carried in event.carried:
            live = self._live(carried.metric, at)
            if live is None:
                live = self._new_clock(carried.metric, to_seconds(carried.started_at))
                live.target, live.severity = carried.target, carried.severity
                live.due = to_seconds(carried.due_at)
                if self._is_paused() and live.metric in ("next_update", "resolution"):
                    live.pause(at)
            live.limited(to_seconds(carried.due_at), at)

    def merged_away(self, event: Event, at: int) -> None:
        if event.into is None:
            raise Refused("merged into which ticket")
        self._only_from("merge", "new", "open", "waiting", "on_hold")
        for clock in self.clocks:
            if clock.is_open():
                clock.merge(at)
        self._become("closed", at)
        self.closed_at = at

    def moved_away(self, event: Event, at: int) -> None:
        """Goes on as another organization's ticket, under its terms: what runs here is promised no more."""
        self._only_from("move", "new", "open", "waiting", "on_hold")
        if self.answered_at is not None:
            raise Refused("an answered ticket stays where it is")
        for clock in self.clocks:
            if clock.is_open():
                clock.withdraw(at)
        self._close(at)

    def change_terms(self, event: Event, at: int) -> None:
        if event.terms is None:
            raise Refused("which terms")
        self._only_from("terms", "new", "open", "waiting", "on_hold")
        if self.severity not in event.terms.severities:
            raise Refused(f"no such severity: {self.severity}")
        old, self.terms = self.terms, event.terms
        for metric in METRICS:
            live = self._live(metric, at)
            if live is not None:
                live.coverage = event.terms.coverage_at(from_seconds(live.started_at))
            self._retarget(metric, old.target(metric, self.severity) is not None, False, at)

    # --- statuses

    def _only_from(self, act: str, *statuses: Status) -> None:
        if self.status not in statuses:
            raise Refused(f"{act} is no move from {self.status}")

    def _become(self, status: Status, at: int) -> None:
        """Change the status; going between two statuses that pause is one pause."""
        was_paused = self._is_paused()
        if status != self.status:
            self.status, self.status_since = status, at
        if self._is_paused() and not was_paused:
            self.pauses.append((at, None))
            for clock in self._open("next_update", "resolution"):
                clock.pause(at)
        elif was_paused and not self._is_paused():
            self.pauses[-1] = (self.pauses[-1][0], at)
            for clock in self._open("next_update", "resolution"):
                clock.unpause(at)

    def _is_paused(self) -> bool:
        return self.status == "waiting" or (self.status == "on_hold" and self.terms.pause_on_hold)

    def _close(self, at: int) -> None:
        self._become("closed", at)
        self.closed_at = at
        self.reopen_until = at + self.terms.reopen_days * DAY

    def _auto_close_at(self) -> int | None:
        if self.status != "resolved" or self.resolved_at is None or self.terms.auto_close_days is None:
            return None
        return self.resolved_at + self.terms.auto_close_days * DAY

    def _close_by_itself(self, at: int) -> None:
        due = self._auto_close_at()
        if due is not None and due <= at:
            self._close(due)

    def _may_reopen(self, at: int) -> bool:
        if self.status == "resolved":
            return True
        return self.reopen_until is not None and at <= self.reopen_until

    def _reopen(self, at: int) -> None:
        self.resolved_at = self.closed_at = self.reopen_until = None
        self._become("open", at)
        self._start("next_update", at)
        self._start("resolution", at)

    # --- messages

    def _public_message(self, at: int) -> None:
        """A public message by support answers everything and meets what waits for one."""
        if self.answered_at is None:
            self.answered_at = at
        self._answered()
        self.stretches.pop("first_response", None)
        self._meet(ANSWERED_BY_MESSAGE, at)

    def _customer_message(self, at: int, begins_stretch: bool) -> None:
        if begins_stretch:
            self._start("next_reply", at)
        if self.unanswered_since is None:
            self.unanswered_since = at

    def _answered(self) -> None:
        self.unanswered_since = None
        self.stretches.pop("next_reply", None)

    # --- clocks

    def _open(self, *metrics: Metric) -> list[Clock]:
        return [clock for clock in self.clocks if clock.metric in metrics and clock.is_open()]

    def _live(self, metric: Metric, at: int) -> Clock | None:
        return next((clock for clock in self._open(metric) if clock.is_live(at)), None)

    def _meet(self, metrics: Sequence[Metric], at: int) -> None:
        for clock in self._open(*metrics):
            clock.meet(at)

    def _start(self, metric: Metric, at: int) -> None:
        """A stretch of the metric begins, and its clock where the severity promises something."""
        self.stretches[metric] = Stretch(at, self.index)
        if self.terms.target(metric, self.severity) is not None:
            self._start_clock(metric, at)

    def _start_clock(self, metric: Metric, at: int) -> None:
        target = self.terms.target(metric, self.severity)
        assert target is not None
        self._new_clock(metric, at).count_anew(target, self.severity, self.pauses)

    def _new_clock(self, metric: Metric, at: int) -> Clock:
        cycle = 1 + sum(clock.metric == metric for clock in self.clocks)
        stretch = self.stretches.get(metric)
        coverage = self.terms.coverage_at(from_seconds(at))
        clock = Clock(metric, cycle, at, self.index, stretch.event if stretch else None, coverage)
        self.clocks.append(clock)
        return clock

    def _retarget(self, metric: Metric, had_promise: bool, raised: bool, at: int) -> None:
        """What a change of severity (or of terms) does to a metric; it is under the new one already."""
        target = self.terms.target(metric, self.severity)
        live = self._live(metric, at)
        if target is None:
            if live is not None:
                live.withdraw(at)
        elif live is not None and raised:
            live.raised(target, self.severity, at)
        elif live is not None:
            live.count_anew(target, self.severity, self.pauses)
            live.keep_limit(self.pauses, at)
        elif not had_promise:
            self._start_late(metric, at if raised else None)

    def _start_late(self, metric: Metric, at: int | None) -> None:
        """Nothing was promised before: a clock for the stretch, unless one was met or missed in it."""
        stretch = self.stretches.get(metric)
        if stretch is None:
            return
        own = [clock for clock in self.clocks if clock.metric == metric and clock.stretch == stretch.event]
        if all(clock.ended == "withdrawn" for clock in own):
            self._start_clock(metric, stretch.at if at is None else at)


ACTS: dict[str, Callable[[Ticket, Event, int], None]] = {
    "submit": Ticket.submit,
    "reply": Ticket.reply,
    "ask": Ticket.ask,
    "note": Ticket.nothing,
    "auto_reply": Ticket.nothing,
    "customer": Ticket.customer,
    "hold": Ticket.hold,
    "unhold": Ticket.unhold,
    "no_reply_needed": Ticket.no_reply_needed,
    "severity": Ticket.change_severity,
    "resolve": Ticket.resolve,
    "close": Ticket.close,
    "reopen": Ticket.reopen,
    "merge": Ticket.merge,
    "merged_away": Ticket.merged_away,
    "moved_away": Ticket.moved_away,
    "terms": Ticket.change_terms,
}
