"""The small ribbon of rows: used share thick, rest thin, a gap at the warning, a post at the end."""

from __future__ import annotations

from plans.pictures import svg
from plans.pictures.clockview import ClockView

HIGH = 10


def mini(clock: ClockView, width: int = 120, warn_share: float = 0.75) -> str:
    """Covered time, not wall time; decorative, because the words beside it say the same."""
    share = used_share(clock)
    state = clock.state if clock.state in ("running", "soon", "paused", "met", "missed") else "running"
    marks = [svg.tag("path", "mini-line", d=f"M0 5H{width - 1}")]
    if share > 0:
        marks.append(svg.tag("rect", "mini-used", x=0, y=0, width=max(2.0, width * share), height=HIGH, rx=2))
    marks.append(svg.tag("path", "mini-warn", d=f"M{svg.number(width * warn_share)} 0V{HIGH}"))
    marks.append(svg.tag("path", "mini-post", d=f"M{width - 1} 0V{HIGH}"))
    return svg.tag(
        "svg",
        f"mini mini--{state}",
        "".join(marks),
        viewBox=f"0 0 {width} {HIGH}",
        width=width,
        height=HIGH,
        aria_hidden="true",
    )


def used_share(clock: ClockView) -> float:
    """How much of the promise is used, from 0 to 1."""
    if clock.state == "missed":
        return 1.0
    total = clock.total_seconds
    if not total:
        return 0.0
    return min(1.0, max(0.0, clock.counted_seconds / total))
