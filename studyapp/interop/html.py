r"""The HTML of other programs' fields as Markdown: simple tags are kept, the rest becomes text, nothing is run.

Formulas (`\( \)`, `\[ \]`, `[latex]`, `[$]`, `[$$]`) are taken out first, because their signs are no HTML. Pure.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

from studyapp.interop.literal import UNSEEN, can_be_set, inline, literal

LOOKS_LIKE_HTML = re.compile(
    r"</?(?:b|i|u|br|div|p|span|sub|sup|ul|ol|li|img|a|strong|em|code|pre|table|tr|td|th|font|h[1-6])(?:\s[^<>]*)?/?>"
    r"|&(?:nbsp|lt|gt|amp|quot|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
_MATH = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\\\[(?P<display>.+?)\\\]|\[latex\](?P<latex>.+?)\[/latex\]"
    r"|\[\$\](?P<one>.+?)\[/\$\]|\[\$\$\](?P<two>.+?)\[/\$\$\]",
    re.DOTALL,
)
_MARKED = re.compile(r"[<&\[\ue000\ue001]|\\\(")
_HOLD = "\ue000{}\ue001"
_HELD = re.compile("\ue000(\\d+)\ue001")
_SOUND = re.compile(r"\[sound:[^\]]*\]|\[anki:(?:play|tts)[^\]]*\](?:.*?\[/anki:tts\])?")
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "strike": "~~", "del": "~~"}
_BLOCKS = frozenset(
    ("div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "ul", "ol", "pre", "blockquote", "section", "dl")
)
_HIDDEN = frozenset(("style", "script", "head", "title", "template", "iframe", "object"))


@dataclass
class Lost:
    """What cannot be shown in a terminal, by kind: how often."""

    counts: Counter[str] = field(default_factory=Counter)


def to_markdown(text: str, lost: Lost) -> str:
    """A field's HTML as Markdown; what is left out is counted in `lost`."""
    formulas: list[str] = []

    def hold(found: re.Match[str]) -> str:
        tex = _bare(next(group for group in found.groups() if group is not None))
        display = found["display"] is not None or found["two"] is not None
        if not can_be_set(tex) or "$" in tex or "\n\n" in tex:
            lost.counts["formulas that cannot be set, kept as text"] += 1
            tex = literal(tex, dollars=False).replace("\n", " ")
            formulas.append(tex)
        else:
            formulas.append(f"$${tex}$$" if display else f"${tex}$")
        return _HOLD.format(len(formulas) - 1)

    if not _MARKED.search(text):
        return literal(" ".join(text.split()), dollars=False)
    text = text.replace("\ue000", "").replace("\ue001", "")
    text, sounds = _SOUND.subn("", _MATH.sub(hold, text))
    if sounds:
        lost.counts["sounds left out"] += sounds
    reader = _Reader(lost)
    reader.feed(text)
    reader.close()
    made = reader.markdown({_HOLD.format(at) for at, one in enumerate(formulas) if one.startswith("$$")})

    def put(found: re.Match[str]) -> str:
        """The formula, apart from the signs beside it that would make another one of it, or none."""
        start, end = found.span()
        slashes = 0
        while slashes < start and made[start - 1 - slashes] == "\\":
            slashes += 1
        before, behind = made[max(0, start - 1) : start], made[end : end + 1]
        return (
            (" " if before in ("$", "\ue001") else "\\" * (slashes % 2))
            + formulas[int(found[1])]
            + (" " if behind == "$" or behind.isdigit() else "")
        )

    return _HELD.sub(put, made)


def _bare(tex: str) -> str:
    """TeX that an editor has written into HTML: without its tags and entities."""
    tex = html.unescape(re.sub(r"<[^<>]*>", "", re.sub(r"<br\s*/?>|</?div>", "\n", tex, flags=re.IGNORECASE)))
    tex = UNSEEN.sub("", tex).replace("\u00a0", " ").strip()
    for opening, closing in (("$$", "$$"), ("$", "$"), (r"\begin{displaymath}", r"\end{displaymath}")):
        if tex.startswith(opening) and tex.endswith(closing) and len(tex) > len(opening) + len(closing):
            return tex[len(opening) : -len(closing)].strip()
    return " ".join(tex.split())


class _Reader(HTMLParser):
    """Writes Markdown while it reads HTML. Lines are cut at blocks; marks that hold nothing are dropped."""

    def __init__(self, lost: Lost) -> None:
        super().__init__(convert_charrefs=True)
        self._lost = lost
        self._out: list[str] = []
        self._marks: list[tuple[str, int]] = []
        self._lists: list[int | None] = []
        self._hidden = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._out.append("\n")
        elif tag in ("td", "th"):
            if self._out and not self._out[-1].endswith("\n"):
                self._out.append(" – ")
        elif tag == "li":
            self._block()
            self._out.append(self._bullet())
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
            self._block()
        elif tag in _BLOCKS:
            self._block()
        elif tag == "img":
            self._image(values)
        elif tag == "a":
            self._links.append(values.get("href") or "")
        elif tag in _MARKS or tag in ("sub", "sup"):
            self._marks.append((tag, len(self._out)))
        elif tag in ("video", "audio"):
            self._lost.counts["sounds left out"] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ("br", "img"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("ul", "ol"):
            if self._lists:
                self._lists.pop()
            self._block()
        elif tag in _BLOCKS or tag == "li":
            self._block()
        elif tag == "a" and self._links:
            target = self._links.pop()
            if target.startswith(("http://", "https://")) and not re.search(r"[\s<>()\\]", target):
                self._out.append(f" ({inline(target, dollars=False)})")
        elif tag in _MARKS or tag in ("sub", "sup"):
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            text = re.sub(r"[\s\u00a0]+", " ", UNSEEN.sub("", data))
            self._out.append(inline(text, dollars=False) if text.strip() else text)

    def markdown(self, alone: set[str]) -> str:
        """What was read, as lines with hard breaks; the lines in `alone` are paragraphs of their own."""
        while self._marks:
            self._close(self._marks[-1][0])
        lines = [" ".join(line.split()) for line in "".join(self._out).split("\n")]
        made = ""
        last = ""
        for line in filter(None, lines):
            between = "\n\n" if line in alone or last in alone else "\\\n"
            made += (between if made else "") + _line_start(line)
            last = line
        return made

    def _block(self) -> None:
        if self._out and not self._out[-1].endswith("\n"):
            self._out.append("\n")

    def _bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}\\. "

    def _image(self, values: dict[str, str | None]) -> None:
        self._lost.counts["images left out"] += 1
        if said := " ".join(UNSEEN.sub("", values.get("alt") or "").split()):
            self._out.append(inline(said, dollars=False))

    def _close(self, tag: str) -> None:
        place = next((at for at in range(len(self._marks) - 1, -1, -1) if self._marks[at][0] == tag), None)
        if place is None:
            return
        _, start = self._marks.pop(place)
        inside = "".join(self._out[start:])
        core = inside.strip()
        del self._out[start:]
        if tag in ("sub", "sup"):
            self._out.append(_shifted(core, tag) if core else inside)
        elif core and "\n" not in core and not re.search(r"[*~]", core):
            lead, tail = inside[: inside.index(core[0])], inside[len(inside.rstrip()) :]
            self._out.append(f"{lead}{_MARKS[tag]}{core}{_MARKS[tag]}{tail}")
        else:
            self._out.append(inside)


def _line_start(line: str) -> str:
    """A line whose beginning may have come together from pieces."""
    return line if line.startswith("**") else re.sub(r"^(?=(?:[#>=|]|[-+](?:\s|$)))", r"\\", line)


def _shifted(text: str, tag: str) -> str:
    """x² and H₂O where Unicode has the signs; else x^(…) and x_(…)."""
    table, sign = (_RAISED, "^") if tag == "sup" else (_LOWERED, "_")
    if all(ord(char) in table for char in text):
        return text.translate(table)
    return f"{sign}({text})" if len(text) > 1 else f"{sign}{text}"
