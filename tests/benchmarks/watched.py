"""The real application with a watchdog beside its screen's thread: run by the row `keys`, never by a person.

    python -m tests.benchmarks.watched REPORT

Every few milliseconds the watchdog asks the event loop for a sign of life. Each time one is late, REPORT gets a line:
the instant, how many milliseconds nothing moved, and where the thread stood.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

LATE = 0.05
PAUSE = 0.003


def watch(loop: asyncio.AbstractEventLoop, report: Path) -> None:
    """Write a line for each time that the loop did not answer within 50 ms."""
    screen = threading.main_thread().ident
    with report.open("a", encoding="utf-8") as file:
        while not loop.is_closed():
            alive = threading.Event()
            asked = time.time()
            try:
                loop.call_soon_threadsafe(alive.set)
            except RuntimeError:
                return
            if not alive.wait(LATE):
                frame = sys._current_frames().get(screen or 0)
                stack = [f"{one.name} {one.filename}:{one.lineno}" for one in traceback.extract_stack(frame)][-14:]
                alive.wait(60)
                line = {"at": asked, "ms": (time.time() - asked) * 1_000, "stack": stack}
                file.write(json.dumps(line) + "\n")
                file.flush()
            time.sleep(PAUSE)


def main() -> None:
    """Run `studyapp review` with the watchdog."""
    from studyapp.cli import tui
    from studyapp.ui import app

    report = Path(sys.argv[1])

    def begin(self: Any) -> None:
        loop = asyncio.get_running_loop()
        threading.Thread(target=watch, args=(loop, report), daemon=True).start()

    app.StudyApp.on_load = begin  # type: ignore[attr-defined]
    tui.run("review")


if __name__ == "__main__":
    main()
