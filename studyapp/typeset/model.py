"""The values that typesetting hands out: lines of text with styles as spans beside them. Imports nothing of ours.

A style is a *name* ("bold", "math", "heading2", "heat-3"); which colour it has is decided by who shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.typeset.width import cells


@dataclass(frozen=True, slots=True)
class Span:
    """`style` holds for `text[start:end]` of its line, counted in characters. `target` is the address of a link."""

    start: int
    end: int
    style: str
    target: str = ""

    def moved(self, by: int) -> Span:
        """The same span, `by` characters further on."""
        return Span(self.start + by, self.end + by, self.style, self.target)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, without a line break, and the styles of its parts. Spans may overlap: bold in a heading."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def width(self) -> int:
        """Terminal cells that the line takes."""
        return cells(self.text)

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Line) -> Line:
        """This line and then the other one."""
        by = len(self.text)
        return Line(self.text + other.text, self.spans + tuple(span.moved(by) for span in other.spans))

    def indented(self, by: int) -> Line:
        """The line behind `by` blanks."""
        return Line(" " * by + self.text, tuple(span.moved(by) for span in self.spans)) if by else self

    def padded(self, width: int) -> Line:
        """The line filled with blanks up to `width` cells; a longer line stays as it is."""
        missing = width - self.width
        return Line(self.text + " " * missing, self.spans) if missing > 0 else self

    def styled(self, style: str) -> Line:
        """The whole line in one more style."""
        return Line(self.text, (Span(0, len(self.text), style), *self.spans)) if self.text else self


@dataclass(frozen=True, slots=True)
class Block:
    """A formula in two dimensions. All lines are `width` cells wide; `baseline` is the row level with text."""

    lines: tuple[Line, ...]
    baseline: int
    width: int

    @property
    def text(self) -> str:
        """The drawing as text, without blanks at the ends of lines."""
        return "\n".join(line.text.rstrip() for line in self.lines)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart or figure: its lines, and `words` that say in a sentence what it shows."""

    lines: tuple[Line, ...]
    words: str

    @property
    def text(self) -> str:
        """The drawing as text, without blanks at the ends of lines."""
        return "\n".join(line.text.rstrip() for line in self.lines)

    def __str__(self) -> str:
        return self.text
