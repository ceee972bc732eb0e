"""Help fades as a learner gets better and comes back when it is missed."""

from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.levels import FRESH, HIGHEST, LOWEST, Sat, fresh_seed, good_days, next_level

CLEAN, MISSED, SHAKY = (True, False), (False, True), (False, False)


def after(level: int, *sittings: tuple[bool, bool]) -> int:
    return next_level([Sat(level, clean, missed) for clean, missed in sittings])


def test_two_clean_sittings_in_a_row_go_up_and_one_does_not() -> None:
    assert after(2, CLEAN) == 2
    assert after(2, CLEAN, CLEAN) == 3
    assert after(2, CLEAN, SHAKY, CLEAN) == 2


def test_two_sittings_with_misses_go_down() -> None:
    assert after(3, MISSED) == 3
    assert after(3, MISSED, MISSED) == 2


def test_the_worked_example_is_left_after_one_and_the_top_after_one_miss() -> None:
    assert after(0, CLEAN) == 1
    assert after(5, MISSED) == 4
    assert after(5, CLEAN, CLEAN, CLEAN) == 5


def test_a_chosen_level_counts_from_its_own_sittings() -> None:
    past = [Sat(2, True, False), Sat(4, True, False)]

    assert next_level(past) == 4


@given(st.lists(st.builds(Sat, st.integers(0, 5), st.booleans(), st.booleans(), st.integers(0, 9)), max_size=12))
def test_a_level_is_always_one_there_is_and_one_step_from_the_last(past: list[Sat]) -> None:
    level = next_level(past)

    assert LOWEST <= level <= HIGHEST
    assert not past or abs(level - past[-1].level) <= 1


def test_a_seed_is_not_seen_again_for_twenty_sittings() -> None:
    past: list[Sat] = []
    for _ in range(200):
        seed = fresh_seed("d/ex", past)
        assert seed == fresh_seed("d/ex", past)
        assert seed not in {sat.seed for sat in past[-FRESH:]}
        past.append(Sat(1, True, False, seed))


def well(level: int, day: int, seed: int, *, good: bool = True) -> Sat:
    return Sat(level, good, not good, seed, good=good, day=day)


def test_three_good_days_with_little_help_and_other_numbers_each_time_are_mastery() -> None:
    assert good_days([well(4, 1, 1), well(4, 3, 2), well(5, 9, 3)]) == 3
    assert good_days([well(4, 1, 1), well(4, 1, 2), well(5, 9, 3)]) == 2
    assert good_days([well(4, 1, 1), well(4, 3, 1), well(5, 9, 3)]) == 2
    assert good_days([well(3, 1, 1), well(4, 3, 2), well(5, 9, 3)]) == 2


def test_a_slip_does_not_undo_a_good_day_but_falling_back_does() -> None:
    past = [well(4, 1, 1), well(4, 3, 2), well(4, 5, 3)]

    assert good_days([*past, well(5, 9, 4, good=False)]) == 3
    assert good_days([*past, well(3, 12, 5), well(4, 14, 6)]) == 1


def test_an_exercise_whose_highest_level_is_three_is_mastered_there() -> None:
    assert good_days([well(3, 1, 1), well(3, 2, 2), well(3, 3, 3)], highest=3) == 3
