"""How an exercise looks: givens and drawing above, steps below, the worked solution at the end. Width in, text out.

Draws what `studyapp.study.sheet` and the sitting say; knows no widget and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from studyapp.study import sheet, wiring, working
from studyapp.study.sitting import Status, StepView
from studyapp.typeset import Line, Span, inline_line
from studyapp.typeset.display import display
from studyapp.typeset.width import cells as width_of
from studyapp.typeset.width import pad
from studyapp.ui import cells

if TYPE_CHECKING:
    from engine.exercises import Variant, VariantStep
    from engine.marking import Mark

SIDE_BY_SIDE = 70
"""Cells from which the drawing stands beside the givens."""
GAP = 3
INDENT = 3
"""Cells before the text of a step: its number and a gap."""
FORMULA = 4
"""Cells before a formula, counted from the step's text."""
HINT = 6
"""Cells before a hint, counted from the step's text: the word and a gap."""
SIGNS = {
    Status.RIGHT: ("✓", "right", cells.RIGHT),
    Status.FOLLOWS: ("~", "follows", cells.RIGHT),
    Status.KEPT: ("✗", "kept", cells.WRONG),
    Status.TOLD: ("·", "told", cells.CLOSE),
}
"""Where a settled step stands → sign, word, style."""
VERDICT = max(len(word) for _sign, word, _style in SIGNS.values()) + 2


# the head of the sheet


def head(variant: Variant, width: int, rows: int, step: VariantStep | None = None) -> Content:
    """Givens, drawing and conventions in at most `rows` lines where that can be; the drawing gives way first.

    In the drawing what `step` is about stands out.
    """
    said = cells.prose(variant.conventions, width, cells.MUTED).split("\n", allow_blank=True)
    lines = _beside(variant, width, step)
    if not lines or len(lines) + 1 + len(said) > rows:
        lines = _flow(variant, width)
    room = max(1, rows - len(lines))
    if len(said) > room and variant.conventions:
        said = [*said[: room - 1], Content.styled("… (the whole sheet: F2)", cells.MUTED)]
    gap = [Content("")] if len(lines) + len(said) < rows else []
    return Content("\n").join([*lines, *gap, *said] if variant.conventions else lines)


def whole(variant: Variant, width: int) -> Content:
    """Everything that stands above the steps, whatever its height, with a table of the weights."""
    parts = [_flow(variant, width)]
    drawn = wiring.drawing(variant, width, notes=True)
    if drawn is not None:
        parts.insert(0, cells.content(drawn.lines).split("\n", allow_blank=True))
    for text in (variant.template.description, variant.conventions):
        if text:
            parts.append(cells.prose(text, width).split("\n", allow_blank=True))
    return Content("\n\n").join(Content("\n").join(part) for part in parts)


def _beside(variant: Variant, width: int, step: VariantStep | None) -> list[Content]:
    """The drawing at the left, the givens at the right; nothing where there is no drawing or no room."""
    if width < SIDE_BY_SIDE or variant.network is None:
        return []
    right = _flow(variant, width // 3)
    drawn = wiring.drawing(variant, width - max(line.cell_length for line in right) - 2 * GAP, step=step)
    if drawn is None:
        return []
    size = max(line.width for line in drawn.lines)
    if any("→" in line.text for line in drawn.lines):  # a table in place of the drawing
        return []
    left = [_lit(line).padded(size) for line in drawn.lines]
    count = max(len(left), len(right))
    margin = " " * (width - size - max(line.cell_length for line in right))
    rows = []
    for place in range(count):
        start = cells.content([left[place] if place < len(left) else Line(" " * size)])
        rows.append(Content.assemble(start, margin, right[place] if place < len(right) else ""))
    return rows


def _lit(line: Line) -> Line:
    """What the step is about in the colour of the next action, and bold, so that it shows without colours too."""
    strong = [span for span in line.spans if span.style == "emphasis"]
    return Line(
        line.text, (*line.spans, *(Span(one.start, one.end, look) for one in strong for look in ("bold", "bar")))
    )


def _flow(variant: Variant, width: int) -> list[Content]:
    """The givens beside one another, as many as fit; matrices keep their rows together."""
    blocks = []
    for given in sheet.givens(variant):
        name = inline_line(given.name).text
        size = width_of(name) + 2
        rows = [f"{name}  {given.rows[0]}", *(" " * size + row for row in given.rows[1:])]
        blocks.append(rows)
    lines: list[Content] = []
    group: list[list[str]] = []
    for block in [*blocks, None]:
        wide = [max(map(width_of, one)) for one in [*group, *([block] if block else [])]]
        if block is None or (group and sum(wide) + GAP * (len(wide) - 1) > width):
            sizes = [max(map(width_of, one)) for one in group]
            for row in range(max(map(len, group), default=0)):
                parts = [pad(one[row] if row < len(one) else "", size) for one, size in zip(group, sizes, strict=True)]
                lines.append(Content((" " * GAP).join(parts).rstrip()))
            group = []
        if block:
            group.append(block)
    return lines


# the steps


def steps_before(views: Sequence[StepView], width: int, *, airy: bool = False) -> Content:
    """The steps before the current one: worked for the learner, or settled, with what there is to say of the last.

    With `airy` an empty line stands between them, as in a book.
    """
    parts: list[Content] = []
    for place, view in enumerate(views, 1):
        if view.status is Status.SHOWN:
            parts.append(worked(view, width))
        else:
            parts.append(settled(view, width, last=place == len(views)))
    return Content("\n\n" if airy else "\n").join(parts)


def worked(view: StepView, width: int) -> Content:
    """A step worked out for the learner: what is looked for, then symbols = numbers = result."""
    lines = _numbered(view, cells.prose(view.step.prompt, width - INDENT), cells.MUTED)
    for line in sheet.worked_lines(view.step, width - INDENT - FORMULA):
        lines.append(cells.content([line.indented(INDENT + FORMULA)]))
    if view.step.kind != "number":
        lines += _indented(cells.prose("  ".join(sheet.answer_rows(view.step)), width - INDENT - FORMULA), FORMULA)
    if reason := sheet.why(view.step):
        lines += _indented(cells.prose(reason, width - INDENT - FORMULA, cells.MUTED), FORMULA)
    return Content("\n").join(lines)


def settled(view: StepView, width: int, *, last: bool = False) -> Content:
    """A step that was answered: its formula or question, the value that stands, a sign and a word."""
    sign, word, style = sign_of(view)
    values = [pad(row, max(map(width_of, standing(view)))) for row in standing(view)]
    size = width_of(values[0])
    end = Content.assemble((f"   {sign} ", style), (pad(word, VERDICT - 2), style))
    room = width - INDENT - size - end.cell_length - 2
    text = (
        Content("\n").join(cells.content([line]) for line in _wrapped(view.formula, max(room, 16)))
        if view.formula
        else cells.prose(view.step.prompt, max(room, 16))
    )
    lines = _numbered(view, text, cells.MUTED)
    if room < 16:
        lines += [Content("")]
    start = len(lines) - 1
    for place, row in enumerate(values):
        value = Content.assemble(row, end if place == 0 else " " * end.cell_length)
        if start + place < len(lines):
            lines[start + place] = cells.spread(lines[start + place], value, width)
        else:
            lines.append(cells.spread("", value, width))
    lines = [*misworked(view, found=True), *lines]  # above, so that what was answered stays near the open step
    note = (
        working.said(view.tries[-1].mark, view.step.kind)
        if last and view.tries and view.status is not Status.TOLD
        else ""
    )
    if last and view.status is Status.KEPT:
        note = "Kept as it is: the later steps follow from it." if view.step.kind == "number" else "Kept as it is."
    if note:
        lines += _indented(cells.prose(note, width - INDENT - 2, cells.MUTED), 2)
    if last and view.status is Status.TOLD and view.hints:
        rows = _indented(cells.prose(view.hints[-1], width - INDENT - FORMULA), FORMULA)
        lines += [row for row in rows if row.plain.strip()]
    return Content("\n").join(lines)


def standing(view: StepView) -> tuple[str, ...]:
    """The value of a settled step that later steps are marked with, as it is written."""
    if view.status in (Status.KEPT, Status.FOLLOWS) and view.tries:
        typed = view.tries[-1]
        return (picked(view, typed.typed) or working.as_written(typed.mark.read or typed.typed),)
    rows = sheet.answer_rows(view.step)
    return tuple(cells.one_line(row) for row in rows) if view.step.kind != "number" else rows


def picked(view: StepView, typed: str) -> str:
    """The option that a typed number means; empty where the step is no choice."""
    if view.step.kind != "choose" or not typed.strip().isdigit():
        return ""
    place = int(typed) - 1
    return cells.one_line(view.step.options[place]) if 0 <= place < len(view.step.options) else ""


def sign_of(view: StepView) -> tuple[str, str, str]:
    """Sign, word and style of a settled step."""
    if view.status is Status.RIGHT and view.tries and view.tries[-1].mark.verdict.startswith("close"):
        return "~", "close", cells.RIGHT
    return SIGNS[view.status]


def question(view: StepView, width: int, *, tall: bool) -> Content:
    """The current step: its number, what is asked, and the formula where the level shows it."""
    lines = _numbered(view, cells.prose(view.step.prompt, width - INDENT), cells.ACCENT)
    if view.formula:
        lines += _formula(view.formula, width, tall=tall)
    lines += misworked(view)
    if view.step.kind == "order":
        for place, option in enumerate(view.step.options, 1):
            body = cells.prose(option, width - INDENT - 3).split("\n", allow_blank=True)
            lines.append(Content.assemble((f"{place:>{INDENT + 1}}  ", cells.MUTED), body[0]))
            lines += [Content.assemble(" " * (INDENT + 3), part) for part in body[1:]]
    return Content("\n").join(lines)


def misworked(view: StepView, *, found: bool = False) -> list[Content]:
    """The worked solution in which the wrong line is sought; see `sheet.misworked`."""
    lines = []
    for number, wrong, symbols, values in sheet.misworked(view.step, found=found):
        left = symbols + Line(" = ")
        sign = (f"{'✗ ' if wrong else ''}{number}".rjust(INDENT + 1), cells.WRONG if wrong else cells.MUTED)
        lines.append(Content.assemble(sign, "  ", cells.content([left]), values[0]))
        lines += [Content(" " * (INDENT + 3 + left.width) + value) for value in values[1:]]
    return lines


def asked(view: StepView, width: int) -> Content:
    """The current step's question in one line, for where it has scrolled out of sight."""
    text = cells.clip(cells.one_line(view.step.prompt), width - INDENT)
    return Content.assemble((f"{view.number or '':<{INDENT}}", cells.ACCENT), (text, cells.MUTED))


def steps_after(views: Sequence[StepView], width: int) -> Content:
    """What is still to come, one line each, where the level names it and it gives nothing away."""
    lines: list[Content] = []
    if any(view.current and view.step.kind == "line" for view in views):
        return Content("")  # what is asked of the wrong line says which one it is
    for view in views:
        if view.status is Status.OPEN and not view.current and view.step.name_shown:
            text = cells.clip(cells.one_line(view.step.prompt), width - INDENT)
            lines.append(Content.styled(f"{view.number:<{INDENT}}{text}", cells.MUTED))
    return Content("\n").join(lines)


def _formula(tex: str, width: int, *, tall: bool) -> list[Content]:
    room = width - INDENT - FORMULA
    if tall:
        block = display(tex, room)
        if block.width <= room:
            return [cells.content([line.indented(INDENT + FORMULA)]) for line in block.lines]
    return [cells.content([line.indented(INDENT + FORMULA)]) for line in _wrapped(tex, room)]


def _wrapped(tex: str, width: int) -> list[Line]:
    from studyapp.typeset.runs import wrap

    line = inline_line(tex)
    return [line] if line.width <= width else list(wrap(line, width))


def _numbered(view: StepView, text: Content, style: str) -> list[Content]:
    rows = text.split("\n", allow_blank=True) or [Content("")]
    first = Content.assemble((f"{view.number:<{INDENT}}" if view.number else " " * INDENT, style), rows[0])
    return [first, *(Content.assemble(" " * INDENT, row) for row in rows[1:])]


def _indented(text: Content | Sequence[Content], by: int) -> list[Content]:
    rows = text.split("\n", allow_blank=True) if isinstance(text, Content) else text
    return [Content.assemble(" " * (INDENT + by), row) for row in rows]


# what is said of an answer


def verdict(view: StepView, mark: Mark, width: int, *, can_keep: bool) -> Content:
    """What became of an answer that did not settle the step, how it was read, and what one can do now."""
    room = width - INDENT - 2
    wrong = mark.attempt
    sign, word, style = ("✗", "not yet", cells.WRONG) if wrong else ("!", "", cells.CLOSE)
    back = working.read_back(mark, view.tries[-1].typed if wrong and view.tries else "")
    read = f"read as {back}" if back else ""
    lines = []
    told = working.said(mark)
    if wrong or read:
        first = Content.assemble((f"{sign} ", style), (word, f"bold {style}"), ("   " if word and read else "", ""))
        lines.append(Content.assemble(" " * INDENT, first, (cells.clip(read, room - 10), cells.MUTED)))
        lines += _indented(cells.prose(told, room), 2) if told else []
    else:
        rows = cells.prose(told, room).split("\n", allow_blank=True)
        lines.append(Content.assemble(" " * INDENT, ("! ", style), rows[0]))
        lines += [Content.assemble(" " * (INDENT + 2), row) for row in rows[1:]]
    if can_keep and wrong and not view.hints:
        again = "the same once more" if view.step.kind == "choose" else "Enter once more"
        told = f"Change it, or go on with it: {again} keeps it."
        lines += _indented(Content.styled(told, cells.MUTED).wrap(room), 2)
    return Content("\n").join(lines)


def hints(view: StepView, width: int) -> Content:
    """The hints opened so far; the first not where it is what the verdict above says of a recognised mistake."""
    lines = []
    said = view.tries[-1].mark.reason if view.tries else ""
    texts = view.hints[1:] if view.hints[:1] == (said,) else view.hints
    texts = tuple(dict.fromkeys(text for text in texts if text != view.step.prompt))  # what was passed over
    if len(view.hints) > 2 and view.formula:  # the numbers are there; the formula still stands above the field
        texts = tuple(text for text in texts if text != f"${view.formula}$")
    for text in texts:
        rows = cells.prose(text, width - INDENT - HINT).split("\n", allow_blank=True)
        first, *more = [row for row in rows if row.plain.strip()] or [Content("")]
        lines.append(Content.assemble(" " * INDENT, ("Hint".ljust(HINT), cells.MUTED), first))
        lines += [Content.assemble(" " * (INDENT + HINT), row) for row in more]
    return Content("\n").join(lines)


# the end


def solution(views: Sequence[StepView], width: int) -> Content:
    """The whole worked solution as symbolic = substituted = result, the person's own answers beside it."""
    parts = []
    for view in views:
        lines = _numbered(view, cells.prose(view.step.prompt, width - INDENT, cells.MUTED), cells.MUTED)
        for line in sheet.worked_lines(view.step, width - INDENT - FORMULA):
            lines.append(cells.content([line.indented(INDENT + FORMULA)]))
        lines += misworked(view, found=True)
        if view.step.kind != "number":
            lines += _indented(cells.prose(sheet.told(view.step), width - INDENT - FORMULA), FORMULA)
        if reason := sheet.why(view.step):
            lines += _indented(cells.prose(reason, width - INDENT - FORMULA, cells.MUTED), FORMULA)
        if view.status in SIGNS:
            lines.append(_yours(view, width))
        parts.append(Content("\n").join(lines))
    return Content("\n\n").join(parts)


def _yours(view: StepView, width: int) -> Content:
    """The person's own answers to a step, the one that stands last, and its sign."""
    sign, word, style = sign_of(view)
    given = [picked(view, one.typed) or one.typed for one in view.tries]
    lead = "your answer  " if len(given) == 1 else "your answers  " if given else ""
    end = Content.assemble((f"{sign} ", style), (word, style))
    room = width - INDENT - FORMULA - len(lead) - VERDICT - 2
    rows = Content.styled(", then ".join(given), "italic").wrap(max(16, room)) if given else [Content("")]
    lines = [Content.assemble(" " * (INDENT + FORMULA + len(lead)), row) for row in rows]
    lines[0] = Content.assemble(" " * (INDENT + FORMULA), (lead, "italic"), rows[0])
    return Content("\n").join([*lines[:-1], cells.spread(lines[-1], end, width)])
