from hypothesis import given
from hypothesis import strategies as st

from studyapp.memory.model import Phase, Preset
from studyapp.memory.queue import Candidate, Order, next_key, plan

TODAY = 100
NOW = 1_000_000
ALL = Preset(new_per_day=99, reviews_per_day=999)


def review(key, *, due=TODAY, **rest):
    return Candidate(key, Phase.REVIEW, due_day=due, **rest)


def new(key, position=0, **rest):
    return Candidate(key, Phase.NEW, position=position, **rest)


def learning(key, due_at, **rest):
    return Candidate(key, Phase.LEARNING, due_day=TODAY, due_at=due_at, **rest)


def main(candidates, preset=ALL, **rest):
    return list(plan(candidates, today=TODAY, preset=preset, **rest).main)


def test_new_items_are_spread_among_the_reviews():
    items = [review(f"r{n}", due=TODAY - 20 + n) for n in range(9)] + [new(f"n{n}", n) for n in range(3)]
    assert main(items) == ["r0", "r1", "r2", "n0", "r3", "r4", "r5", "n1", "r6", "r7", "r8", "n2"]


def test_items_that_are_not_due_are_not_asked():
    assert main([review("later", due=TODAY + 1), review("now"), Candidate("lost", Phase.REVIEW)]) == ["now"]


def test_the_limits_of_the_day_count_what_was_done_before():
    items = [review(f"r{n}", due=TODAY - 20 + n) for n in range(9)] + [new(f"n{n}", n) for n in range(9)]
    found = plan(items, today=TODAY, preset=Preset(new_per_day=3, reviews_per_day=5), new_done=1, reviews_done=3)
    assert (len(found.main), found.new, found.held_back) == (4, 2, 14)
    assert set(found.main) == {"r0", "r1", "n0", "n1"}
    spent = plan(items, today=TODAY, preset=Preset(new_per_day=3, reviews_per_day=5), new_done=9, reviews_done=9)
    assert spent.main == ()


def test_one_sibling_a_day_and_the_one_furthest_on_wins():
    items = [
        new("card:c1", group="card"),
        new("card:c2", 1, group="card"),
        review("card:c3", group="card"),
        new("x", 2),
    ]
    assert main(items) == ["card:c3", "x"]
    in_steps = [learning("card:r", NOW, group="card"), review("card", group="card")]
    assert main(in_steps) == []


def test_of_two_due_siblings_one_is_asked_today():
    items = [review("card", group="card", due=90), review("card:r", group="card"), review("other")]
    assert main(items) == ["card", "other"]
    assert set(main(items, Preset(bury_review_siblings=False))) == {"card", "card:r", "other"}


def test_siblings_come_together_when_they_are_not_buried():
    items = [new("card:c1", group="card"), new("card:c2", 1, group="card")]
    assert main(items, Preset(bury_new_siblings=False)) == ["card:c1", "card:c2"]


def test_items_without_siblings_do_not_bury_one_another():
    assert main([new("a"), new("b", 1)]) == ["a", "b"]


def test_longest_overdue_first_or_nearest_to_forgotten_first():
    items = [review("old", due=50, retrievability=0.9), review("weak", due=99, retrievability=0.3), review("today")]
    assert main(items) == ["old", "weak", "today"]
    known = [*items[:2], review("fresh", retrievability=0.95)]
    assert main(known, order=Order.RETRIEVABILITY) == ["weak", "old", "fresh"]


def test_a_shuffled_order_holds_for_the_day_and_changes_the_next():
    items = [review(f"r{n}", due=1) for n in range(20)]
    today = main(items, order=Order.RANDOM)
    assert today == main(items[::-1], order=Order.RANDOM)
    assert today != list(plan(items, today=TODAY + 1, preset=ALL, order=Order.RANDOM).main)


def test_learning_due_now_then_the_queue_then_learning_nearly_due():
    def ask(learning, queue, last=None):
        return next_key(learning, queue, now_ms=NOW, learn_ahead_seconds=1_200, last=last)

    soon, late = NOW + 600_000, NOW + 1_300_000
    assert ask([(soon, "soon"), (NOW - 5, "now")], ["queue"]) == "now"
    assert ask([(soon, "soon")], ["queue"]) == "queue"
    assert ask([(soon, "soon"), (late, "late")], []) == "soon"
    assert ask([(late, "late")], []) is None


def test_the_same_item_does_not_come_twice_while_another_waits():
    def ask(learning, queue, last):
        return next_key(learning, queue, now_ms=NOW, learn_ahead_seconds=1_200, last=last)

    assert ask([(NOW - 5, "a")], ["b"], "a") == "b"
    assert ask([(NOW - 5, "a"), (NOW + 9_000, "b")], [], "a") == "b"
    assert ask([(NOW - 5, "a")], [], "a") == "a"
    assert ask([], ["a", "b"], "a") == "b"


@given(st.lists(st.sampled_from(["new", "review", "learning"]), max_size=40), st.integers(0, 20), st.integers(0, 20))
def test_every_item_is_asked_once_and_never_more_than_the_limits(kinds, new_limit, review_limit):
    make = {"new": new, "review": review, "learning": lambda key: learning(key, NOW)}
    items = [make[kind](f"{kind}{n}") for n, kind in enumerate(kinds)]
    found = plan(items, today=TODAY, preset=Preset(new_per_day=new_limit, reviews_per_day=review_limit))
    assert len(set(found.main)) == len(found.main)
    assert found.new == min(new_limit, kinds.count("new"))
    assert len(found.main) - found.new == min(review_limit, kinds.count("review"))
    assert len(found.learning) == kinds.count("learning")
    assert len(found.main) + len(found.learning) + found.held_back == len(items)
