"""Characters that would steer a terminal instead of being seen in it. Pure; imports the standard library only."""

from __future__ import annotations

_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"}
_STEERING = (*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # the last two turn the direction
_SEEN = _PICTURES | dict.fromkeys(_STEERING, 0xFFFD) | {0x2028: 0x20, 0x2029: 0x20}


def seen(text: str) -> str:
    """`text` with something to see in place of every control character but tab and line feed.

    As long as it was, character by character, so that places in the text stay right. Escape sequences move the cursor,
    rename the window and write to the clipboard; marks of writing direction show a text in another order than it has.
    """
    return text if text.isprintable() else text.translate(_SEEN)
