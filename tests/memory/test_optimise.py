import random

import pytest

from studyapp.memory import fsrs, optimise
from studyapp.memory.model import Act, Event, Grade, Parameters, SchedulingError

DEFAULT = Parameters()
DAY_MS = 86_400_000


def learner(items, *, forgets_like, seed=5):
    """Histories of a learner whose memory follows the given parameters, reviewed at random intervals."""
    chance = random.Random(seed)
    histories = []
    for _ in range(items):
        day, memory, history = chance.randint(0, 200), None, []
        for place in range(8):
            gap = chance.choice((1, 2, 4, 8, 15, 30)) if place else 0
            day += gap
            recalled = memory is None or chance.random() < fsrs.retrievability(gap, memory.stability, forgets_like)
            grade = chance.choice((Grade.HARD, Grade.GOOD, Grade.GOOD, Grade.EASY)) if recalled else Grade.AGAIN
            memory = fsrs.after(memory, gap, grade, forgets_like)
            history.append((day * DAY_MS, day, int(grade)))
        histories.append(history)
    return histories


def test_a_learner_unlike_the_average_gets_parameters_that_predict_better():
    forgetful = Parameters(values=(0.02, 0.1, 0.3, 1.0, *DEFAULT.values[4:]))
    with optimise.Job(learner(300, forgets_like=forgetful), DEFAULT) as job:
        found = job.wait(120)
    assert found.improved
    assert found.new_log_loss < found.old_log_loss
    assert found.predictions == 2100
    assert len(found.parameters.values) == 21
    assert found.parameters.values[2] < 1.0 < DEFAULT.values[2]
    assert f"{found.new_log_loss:.4f}" in found.summary


def test_parameters_that_predict_better_already_are_kept():
    histories = learner(300, forgets_like=DEFAULT)
    found = optimise.fit(histories, DEFAULT, 1)
    again = optimise.fit(histories, found.parameters, 1)
    assert again.improved == (again.new_log_loss < again.old_log_loss)
    assert (again.parameters == found.parameters) != again.improved
    assert min(again.old_log_loss, again.new_log_loss) <= found.new_log_loss + 1e-9


def test_a_run_can_be_cancelled():
    with optimise.Job(learner(300, forgets_like=DEFAULT), DEFAULT) as job:
        job.cancel()
        with pytest.raises(SchedulingError, match="stay as they are"):
            job.poll()


def test_a_run_that_takes_too_long_is_ended():
    job = optimise.Job(learner(300, forgets_like=DEFAULT), DEFAULT)
    with pytest.raises(SchedulingError, match="ended after 0 s"):
        job.wait(0)


def test_too_little_data_is_said_in_a_sentence():
    with pytest.raises(SchedulingError, match=r"350 reviews .* 400 are needed"):
        optimise.Job(learner(50, forgets_like=DEFAULT), DEFAULT)
    always = [[(n * DAY_MS, n, 3) for n in range(20)]] * 30
    assert "nothing was forgotten" in optimise.refusal(always)
    never = [[(n * DAY_MS, n, 1) for n in range(20)]] * 30
    assert "nothing was remembered" in optimise.refusal(never)
    assert optimise.refusal(learner(80, forgets_like=DEFAULT)) == ""


def test_a_panic_of_the_core_is_an_answer_and_not_a_crash(capfd):
    """Items without any later review make the Rust core panic, which Python code does not catch as an Exception."""
    said = optimise.answer({"histories": [[[1, 1, 3]], [[2, 1, 1]]], "parameters": [], "relearning_steps": 1})
    assert said["error"]
    said = optimise.answer({"histories": [[[1, 1, 3], [2, 2, 9]]], "parameters": [], "relearning_steps": 1})
    assert "from 1 (Again)" in said["error"]
    capfd.readouterr()


def test_one_prediction_for_each_review_on_a_later_day_in_the_order_of_time():
    one = [(100, 1, 3), (110, 1, 3), (300, 3, 1), (310, 3, 3), (900, 9, 4)]
    other = [(200, 2, 2), (400, 4, 3)]
    items, owners = optimise.predictions([one, other])
    assert owners == [0, 1, 0]
    assert items[0] == [(3, 0), (3, 0), (1, 2)]
    assert items[1] == [(2, 0), (3, 2)]
    assert items[2] == [(3, 0), (3, 0), (1, 2), (3, 0), (4, 6)]


def test_training_starts_at_the_first_learning_since_the_item_was_forgotten():
    def review(day, grade=Grade.GOOD):
        return Event(Act.REVIEW, at=day, day=day, grade=grade)

    assert optimise.training_history([review(1), Event(Act.FORGET, at=2, day=2), review(3), review(5)]) == [
        (3, 3, 3),
        (5, 5, 3),
    ]
    seen_before = [Event(Act.SET_DUE, at=0, day=0, due_day=9), review(9)]
    assert optimise.training_history(seen_before) == [], "its learning was never seen"
    moved = [review(1), Event(Act.SET_DUE, at=2, day=2, due_day=9), Event(Act.FLAG, at=3, day=3), review(9)]
    assert optimise.training_history(moved) == [(1, 1, 3), (9, 9, 3)]


def test_a_fit_is_offered_at_first_and_after_a_quarter_more():
    assert [optimise.worth_offering(now, 0) for now in (399, 400)] == [False, True]
    assert [optimise.worth_offering(now, 1000) for now in (1249, 1250)] == [False, True]
