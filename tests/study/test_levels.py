"""Help fades as a learner gets better and comes back when it is missed."""

from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.levels import FRESH, HIGHEST, LOWEST, Sat, fresh_seed, next_level

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
