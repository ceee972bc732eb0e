"""The sections of the progress page as lines of text: figures, charts, and the sentence beneath each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from textual.content import Content

from studyapp.memory.days import date_of
from studyapp.storage.statistics import DaySums
from studyapp.study import words
from studyapp.study.progress import Progress, Retention
from studyapp.typeset.bars import bars, ratio
from studyapp.typeset.heatmap import heatmap
from studyapp.typeset.lines import Series, curves
from studyapp.typeset.scale import MONTHS
from studyapp.ui import cells

Draw = Callable[[int], Content]
"""Width in cells → a heading and what stands below it."""
FEWEST_WEEKS = 3
"""Weeks with reviews from which a curve says anything."""
MOST_LINES = 10
RECENT = 30
"""Days that have a bar of their own."""
DAY_CELLS = 4
"""Cells at most for a day of the calendar, a blank among them."""
COLUMNS = "Each column is a week; the fuller a day, the more."
ROOMY = 66
"""Cells from which a table has wide columns."""
CHART = 60
"""Cells at most for a curve: a longer one looks no clearer."""


def told_below(lines: Sequence[Content], sentence: str, width: int) -> Content:
    """The lines and, quietly below them, the sentence."""
    below = Content.styled(sentence, cells.MUTED).wrap(max(10, width)) if sentence else []
    return Content("\n").join([*lines, *below])


def heading(title: str, *, everywhere: bool = False) -> Content:
    """A section's title; `everywhere` says that its figures are those of all decks."""
    return Content.assemble((title, "bold"), ("  of all decks" if everywhere else "", cells.MUTED))


def overview(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """Retention against target and expectation, streak, time."""
    both = progress.both

    def draw(width: int) -> Content:
        lines = [heading("Remembered")]
        if both.share is not None:
            beside = f"of {words.plural(both.total, 'review')}, target {100 * progress.target:.0f}"
            if progress.predicted is not None:
                beside += f", expected {100 * progress.predicted:.0f}"
            lines.append(_figure("Overall", f"{100 * both.share:.1f} %", beside, width))
            lines.append(_share("Young", progress.young, "waits under three weeks", width))
            lines.append(_share("Mature", progress.mature, "three weeks and more", width))
        days = words.plural(progress.streak, "day")
        lines.append(_figure("Streak", days, f"longest {progress.longest_streak}", width))
        if progress.reviews:
            spent = f"{progress.minutes_a_day:.0f} min" if progress.minutes_a_day >= 0.5 else "<1 min"
            lines.append(_figure("Each day", spent, f"{words.minutes(progress.duration_ms)} in all", width))
        return told_below(lines, told["retention"] if both.share is None else _expectation(told["retention"]), width)

    return draw if progress.longest_streak else None


def _figure(name: str, value: str, beside: str, width: int) -> Content:
    line = Content.assemble(f"{name:<10}", (f"{value:>8}", "bold"), (f"  {beside}", cells.MUTED))
    return line.truncate(width, ellipsis=True)


def _share(name: str, one: Retention, meaning: str, width: int) -> Content:
    if one.share is None:
        return _figure(name, "–", f"none yet: {meaning}", width)
    bar = cells.content(ratio(one.share, width=10).lines)
    value = f"{words.percent(one.share):>8}"
    line = Content.assemble(f"{name:<10}", (value, "bold"), "  ", bar, (f"  of {one.total}, {meaning}", cells.MUTED))
    return line.truncate(width, ellipsis=True)


def _expectation(sentence: str) -> str:
    """What the retention's sentence says beyond the figures that already stand above it."""
    _, found, rest = sentence.partition("The schedule expected")
    return found + rest


def forecast(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """What falls due on each of the next thirty days."""

    def draw(width: int) -> Content:
        lines = [heading("Due in the next 30 days")]
        if any(progress.forecast):
            days = [progress.last + timedelta(days=ahead) for ahead in range(len(progress.forecast))]
            labels = [_day(day) if ahead % 7 == 0 else "" for ahead, day in enumerate(days)]
            chart = bars(progress.forecast, width=max(12, width), height=4, labels=labels)
            lines += cells.content(chart.lines).split("\n", allow_blank=True)
            _, found, rest = chart.words.partition(" Each bar is")
            return told_below(lines, told["forecast"] + found + rest, width)
        return told_below(lines, told["forecast"], width)

    return draw if progress.longest_streak or any(progress.forecast) else None


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def calendar(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """How many reviews on each day."""
    counts = {date_of(one.day): one.reviews for one in progress.days}
    weeks = max(1, min(106, -(-((progress.last - progress.first).days + 1) // 7) + 1))

    def draw(width: int) -> Content:
        room = max(8, width)
        shown = heatmap(
            counts, end=progress.last, width=room, weeks=weeks, cell=max(1, min(DAY_CELLS, (room - 3) // weeks))
        )
        lines = [heading("Reviews"), *cells.content(shown.lines).split("\n", allow_blank=True)]
        return told_below(lines, f"{told['reviews']} {_busiest(progress.days)} {COLUMNS}", width)

    return draw if progress.reviews else None


def _busiest(days: Sequence[DaySums]) -> str:
    most = max(days, key=lambda one: (one.reviews, one.day))
    when = date_of(most.day)
    return f"The most on {when:%A} {when.day} {when:%B} ({most.reviews})."


def minutes(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """How long was studied on each of the last days."""
    spent = {date_of(one.day): one.duration_ms / 60_000 for one in progress.days}
    span = min(RECENT, (progress.last - progress.first).days + 1)
    days = [progress.last - timedelta(days=back) for back in range(span - 1, -1, -1)]
    values = [spent.get(day, 0.0) for day in days]
    longest = max(days, key=lambda day: spent.get(day, 0.0))

    def draw(width: int) -> Content:
        labels = [_day(day) if place % 7 == 0 else "" for place, day in enumerate(days)]
        chart = bars(values, width=max(12, width), height=3, labels=labels)
        lines = [heading(f"Minutes on each of the last {span} days")]
        lines += cells.content(chart.lines).split("\n", allow_blank=True)
        _, found, rest = chart.words.partition(" Each bar is")
        said = f"The longest on {_day(longest)}: {spent[longest]:.0f} min; {sum(values):.0f} min in these days."
        return told_below(lines, said + found + rest, width)

    return draw if any(values) else None


def weekly(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """Retention week by week, beside what the schedule expected."""
    weeks: dict[int, list[DaySums]] = {}
    last = max((one.day for one in progress.days), default=0)
    for one in progress.days:
        weeks.setdefault((last - one.day) // 7, []).append(one)
    back = sorted(weeks, reverse=True)
    shares = [(place, _retention(weeks[week]), _predicted(weeks[week])) for place, week in enumerate(back, 1)]
    shares = [one for one in shares if one[1] is not None]
    if len(shares) < FEWEST_WEEKS:
        return None

    def draw(width: int) -> Content:
        series = [
            Series(
                "remembered, %", [100 * share for _, share, _ in shares if share is not None], [x for x, _, _ in shares]
            )
        ]
        expected = [(x, 100 * share) for x, _, share in shares if share is not None]
        if expected:
            series.append(Series("expected", [share for _, share in expected], [x for x, _ in expected]))
        chart = curves(series, width=max(12, min(width, CHART)), height=5, x_name="week", title="Week by week")
        lines = [heading("Remembered week by week"), *cells.content(chart.lines).split("\n", allow_blank=True)]
        first, now = shares[0][1], shares[-1][1]
        return told_below(
            lines, f"{words.percent(first)} in the first of these weeks, {words.percent(now)} in the last.", width
        )

    return draw


def _retention(days: Sequence[DaySums]) -> float | None:
    passed = sum(one.young_passed + one.mature_passed for one in days)
    failed = sum(one.young_failed + one.mature_failed for one in days)
    return passed / (passed + failed) if passed + failed else None


def _predicted(days: Sequence[DaySums]) -> float | None:
    count = sum(one.predicted_count for one in days)
    return sum(one.predicted for one in days) / count if count else None


def states(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """Where the items of each deck stand."""
    rows = [one for one in progress.states if one.new + one.learning + one.young + one.mature + one.suspended]
    columns = ("new", "learning", "young", "mature")

    def line(name: Content, values: Sequence[object], width: int, style: str = "") -> Content:
        sizes = (6, 10, 8, 8) if width >= ROOMY else (5, 9, 6, 7)
        right = "".join(f"{value:>{size}}" for value, size in zip(values, sizes, strict=True))
        return cells.spread(name, Content.styled(right, style), width)

    def draw(width: int) -> Content:
        lines = [line(heading("Cards"), columns, width, cells.MUTED)]
        for one in rows:
            values = [one.new or "·", one.learning or "·", one.young or "·", one.mature or "·"]
            lines.append(line(Content(cells.one_line(one.title)), values, width))
        total = [sum(getattr(one, name) for one in rows) for name in columns]
        if len(rows) > 1:
            lines.append(line(Content.styled("All", "bold"), total, width, "bold"))
        aside = sum(one.suspended for one in rows)
        sentence = f"{words.plural(sum(total), 'item')}: {total[3]} remembered for three weeks and more"
        return told_below(lines, f"{sentence}; {aside} suspended." if aside else f"{sentence}.", width)

    return draw if rows else None


def hardest(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """The cards that were forgotten most."""

    def draw(width: int) -> Content:
        lines = [heading("Hardest cards")]
        for one in progress.hardest[:MOST_LINES]:
            right = words.plural(one.lapses, "lapse") + (" · leech" if one.leech else "")
            front = cells.title(one.front) or one.key
            lines.append(cells.spread(front, Content.styled(right, cells.MUTED), width))
        sentence = "" if progress.hardest else told["hardest"]
        return told_below(lines, sentence, width)

    return draw if progress.reviews or progress.hardest else None


def slips(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """The mistakes that were recognised by name; those that only one card knows have no name."""
    named = [one for one in progress.slips if not one.mistake.startswith("card:")]

    def draw(width: int) -> Content:
        lines = [heading("Your slips", everywhere=not every_deck)]
        for one in named[:MOST_LINES]:
            name = one.name.replace("-", " ").replace("_", " ")
            lines.append(cells.spread(name, Content.styled(f"×{one.count}", cells.MUTED), min(width, 48)))
        return told_below(lines, "" if named else "No named mistake has been recognised yet.", width)

    return draw if progress.reviews or named else None


def calibration(progress: Progress, told: dict[str, str], every_deck: bool) -> Draw | None:
    """How right the person was at each degree of sureness."""
    rated = [one for one in progress.calibration if one.answers]

    def line(confidence: int, right: int, answers: int, width: int) -> Content:
        share = right / answers
        bar = cells.content(ratio(share, width=10).lines)
        name = words.SURE_WORDS.get(confidence, str(confidence))
        made = Content.assemble(
            f"{name:<10}", (f"{words.percent(share):>8}", "bold"), "  ", bar,
            (f"  right of {answers}", cells.MUTED),
        )  # fmt: skip
        return made.truncate(width, ellipsis=True)

    def draw(width: int) -> Content:
        lines = [heading("How sure, how right", everywhere=not every_deck)]
        lines += [line(one.confidence, one.right, one.answers, width) for one in rated]
        if not rated:
            return told_below(lines, told["calibration"], width)
        sure = [one for one in rated if one.confidence >= words.SURE]
        answers = sum(one.answers for one in sure)
        share = words.percent(sum(one.right for one in sure) / answers) if answers else ""
        sentence = f"When you were sure, {share} was right." if share else "You have never been sure before checking."
        return told_below(lines, sentence, width)

    return draw if progress.reviews or rated else None


SECTIONS: dict[str, Callable[[Progress, dict[str, str], bool], Draw | None]] = {
    "overview": overview,
    "forecast": forecast,
    "calendar": calendar,
    "minutes": minutes,
    "weekly": weekly,
    "states": states,
    "hardest": hardest,
    "slips": slips,
    "calibration": calibration,
}
"""The sections of the page in their order; one that has nothing to say gives None."""
