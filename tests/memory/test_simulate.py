from dataclasses import replace

import pytest

from studyapp.memory.model import ItemState, Phase, Preset, SchedulingError
from studyapp.memory.simulate import forecast

TODAY = 20_833


def news(count):
    return [(f"deck/{n}", ItemState()) for n in range(count)]


def due_in(days, stability=10.0, **rest):
    return ItemState(
        phase=Phase.REVIEW, stability=stability, difficulty=5.0, due_day=TODAY + days, last_day=TODAY - 10, **rest
    )


def test_new_items_come_at_the_daily_rate_until_they_run_out():
    loads = forecast(news(50), today=TODAY, days=5, preset=Preset(new_per_day=20))
    assert [load.new for load in loads] == [20, 20, 10, 0, 0]
    assert [load.day for load in loads] == [TODAY + n for n in range(5)]
    assert loads[0].reviews == 0
    assert sum(load.reviews for load in loads) >= 50, "what was learned comes back within days"


def test_items_come_on_the_day_they_are_due_and_overdue_ones_today():
    items = [
        ("a", due_in(3)),
        ("b", due_in(-20, stability=9_000.0)),
        ("c", due_in(0, buried_until=TODAY + 1)),
        ("d", due_in(0, suspended=True)),
    ]
    loads = forecast(items, today=TODAY, days=4, preset=Preset())
    assert [loads[0].reviews, loads[1].reviews] == [1, 1]
    assert loads[3].reviews >= 1


def test_a_backlog_is_worked_off_at_the_limit():
    backlog = [(f"deck/{n}", due_in(-1, stability=400.0)) for n in range(25)]
    loads = forecast(backlog, today=TODAY, days=4, preset=Preset(reviews_per_day=10))
    assert [load.reviews for load in loads[:3]] == [10, 10, 5]
    assert [load.left_over for load in loads[:3]] == [15, 5, 0]


def test_wanting_to_remember_more_costs_more_reviews():
    def reviews(retention):
        preset = Preset(desired_retention=retention, reviews_per_day=9_999)
        return sum(load.reviews for load in forecast(news(60), today=TODAY, days=90, preset=preset))

    assert reviews(0.97) > 1.5 * reviews(0.90) > reviews(0.75)


def test_the_same_question_has_the_same_answer_and_another_seed_another_future():
    def ask(seed):
        return forecast(news(80), today=TODAY, days=60, preset=Preset(), seed=seed)

    assert ask("") == ask("")
    assert ask("") != ask("other")


def test_a_retention_out_of_range_is_refused():
    with pytest.raises(SchedulingError, match="Settings"):
        forecast(news(1), today=TODAY, days=1, preset=replace(Preset(), desired_retention=0.5))
