"""What can be wrong with an exercise template. Imports the engine's errors."""

from __future__ import annotations

from engine.errors import EngineError


class TemplateError(EngineError):
    """A template that cannot be used.

    Attributes:
        template: Its name.
        what: What is wrong, without a full stop.
        key: The key at fault, as `[sample.x] step`; empty where none is.
        line: Its line in the file, from 1; 0 where unknown.
        remedy: What to write instead.
    """

    def __init__(self, template: str, what: str, *, key: str = "", line: int = 0, remedy: str = "") -> None:
        """Compose the message from its parts."""
        self.template, self.what, self.key, self.line, self.remedy = template, what, key, line, remedy
        place = f"{template}, line {line}" if line else template
        name = f" {key}:" if key else ""
        super().__init__(f"{place}:{name} {what}" + (f"; {remedy}" if remedy else ""))


class ExhaustedError(TemplateError):
    """No draw within the limit made a usable variant; the message names the template and what stood in the way."""
