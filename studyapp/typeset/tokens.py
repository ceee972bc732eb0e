"""TeX source into tokens with their places. Imports nothing of ours but the tree's error."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from studyapp.typeset.tree import TexError

MAX_LENGTH = 20_000
"""Characters; a formula is never near this, and a slip (a missing dollar) is."""

_TOKEN = re.compile(r"(?P<blank>\s+)|\\(?P<command>(?:operatorname|hspace)\*|[A-Za-z]+|.)|(?P<character>.)", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """`kind` is "command", "character", "blank" or "end"; `text` comes without the backslash."""

    kind: str
    text: str
    position: int

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else ("\\" if self.kind == "command" else "") + self.text


def tokens(tex: str) -> list[Token]:
    """The tokens of `tex`, blanks included, and an "end" token.

    Raises: TexError for a lone backslash at the end, a control character or a source that is too long.
    """
    if len(tex) > MAX_LENGTH:
        raise TexError(f"a formula of more than {MAX_LENGTH} characters; is a dollar missing?", 0, tex[:60] + "…")
    found: list[Token] = []
    for match in _TOKEN.finditer(tex):
        kind, place = match.lastgroup or "", match.start()
        text = match.group(kind) if kind else ""
        if kind == "character" and text == "\\":
            raise TexError("a backslash at the end; a command's name is missing", place, tex)
        if kind != "blank" and len(text) == 1 and not _can_be_shown(text):
            raise TexError(f"the character U+{ord(text):04X} cannot be shown; remove it", place, tex)
        if kind == "command" and text.isspace():
            text = " "
        found.append(Token(kind, text, place))
    found.append(Token("end", "", len(tex)))
    return found


def _can_be_shown(character: str) -> bool:
    return (character.isascii() and character.isprintable()) or (
        unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me")
        and not unicodedata.combining(character)
        and not "\ufe00" <= character <= "\ufe0f"
        and unicodedata.category(character) != "Mn"
    )
