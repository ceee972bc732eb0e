"""A review session that can leave an item for another time without writing anything about it."""

from __future__ import annotations

from studyapp.study.review import ReviewSession


class SkippingSession(ReviewSession):
    """Plain mode cannot set every item (exercises have a command of their own), and what it skips stays due."""

    def skip(self) -> None:
        """Go on without the current item; it is asked again in the next session."""
        if self.current is not None:
            key = self.current.question.key
            self._leave(key)
            self._last = key
            self._advance()
