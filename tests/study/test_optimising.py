"""The scheduler learns from the person's own reviews, and only when that helps."""

import random

import pytest

from studyapp.memory.model import Grade, SchedulingError
from studyapp.study import optimising
from studyapp.study.desk import Desk


def test_with_few_reviews_it_says_how_many_are_needed(desk: Desk) -> None:
    desk.review().grade(Grade.GOOD)

    assert not optimising.offered(desk)
    with pytest.raises(SchedulingError, match="400 are needed"):
        optimising.start(desk)


@pytest.mark.slow
def test_better_parameters_are_kept_as_an_entry_and_undone_like_one(tmp_path, clock) -> None:
    from studyapp.study import settings

    cards = "\n\n".join(f"## Question {n}? {{#q{n}}}\n\nAnswer {n}" for n in range(120))
    (tmp_path / "many.md").write_text(f'+++\nid = "many"\ntitle = "Many"\n+++\n\n# One\n\n{cards}\n')
    chosen = settings.changed(settings.Settings(), "decks", [str(tmp_path / "many.md")])
    settings.save(tmp_path / "home", settings.changed(chosen, "new_per_day", 120))
    dice = random.Random(5)
    with Desk.open(tmp_path / "home", clock, with_bundled=False) as desk:
        for _ in range(40):
            session = desk.review()
            while session.current is not None:
                forgetful = session.current.phase_word == "review" and dice.random() < 0.45
                session.grade(Grade.AGAIN if forgetful else Grade.EASY if dice.random() < 0.2 else Grade.GOOD)
                if session.current is not None and session.current.phase_word in ("learning", "relearning"):
                    clock.on(minutes=3)
            clock.on(days=3)
        assert optimising.offered(desk)
        before = desk.store.journal.parameters

        with optimising.start(desk) as job:
            fit = job.wait(120)
        optimising.keep(desk, fit)

        assert fit.improved
        assert fit.new_log_loss < fit.old_log_loss
        assert desk.store.journal.parameters == fit.parameters != before
        assert not optimising.offered(desk)
