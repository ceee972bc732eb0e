"""Words are marked as a fair teacher would mark them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.inline import gaps
from content.model import Card, Item, Kind, NumericAnswer, Option
from studyapp.study.asking import Question, Way, ask, wanted_form
from studyapp.study.checking import Verdict, check_picks, check_text, level


def typed(*spellings: str) -> Question:
    """A card that wants one of these words."""
    return ask(Item("d/c", Card("d", "c", Kind.TYPED, "Which?", typed=spellings), ""))


def choices(kind: Kind, *right: bool) -> Question:
    """A card with an option for each flag."""
    options = tuple(Option(f"option {place}", flag, f"because {place}") for place, flag in enumerate(right))
    return ask(Item("d/c", Card("d", "c", kind, "Which?", options=options), ""), shuffle=False)


@pytest.mark.parametrize("answer", ["chain rule", "Chain Rule", " the chain-rule. ", "CHAIN  RULE", "chain\u2010rule"])
def test_nobody_is_marked_down_for_case_spaces_hyphens_or_the_article(answer: str) -> None:
    assert check_text(typed("chain rule"), answer).verdict is Verdict.RIGHT


@pytest.mark.parametrize("answer", ["chian rule", "chan rule", "chain rules", "chainn rule"])
def test_one_slip_of_the_finger_is_forgiven_and_said(answer: str) -> None:
    checked = check_text(typed("chain rule"), answer)

    assert checked.verdict is Verdict.CLOSE
    assert "chain rule" in checked.reason


@pytest.mark.parametrize(
    ("spelling", "answer"), [("layer 1", "layer 2"), ("-eta", "eta"), ("recurrent", "recursive"), ("Adam", "Adan")]
)
def test_a_slip_is_never_a_digit_a_sign_or_another_word(spelling: str, answer: str) -> None:
    assert check_text(typed(spelling), answer).verdict is Verdict.WRONG


@pytest.mark.parametrize("answer", ["δ", "delta", "$\\delta$", "Delta"])
def test_a_greek_letter_may_be_typed_or_spelt(answer: str) -> None:
    assert check_text(typed("δ"), answer).verdict is Verdict.RIGHT


def test_a_spelling_accepted_before_is_right_from_then_on() -> None:
    assert check_text(typed("learning rate"), "step size").verdict is Verdict.WRONG
    assert check_text(typed("learning rate"), "step size", accepted=["step size"]).verdict is Verdict.RIGHT


def test_a_formula_is_never_called_wrong_by_comparing_letters() -> None:
    """`\\frac{a}{b}` has a hundred honest spellings; the person compares."""
    assert check_text(typed(r"$\frac{1}{1+e^{-z}}$"), "1/(1+exp(-z))").verdict is Verdict.YOURS


def test_a_known_wrong_word_gets_its_own_feedback_even_where_it_is_nearly_right() -> None:
    card = Card(
        "d", "c", Kind.TYPED, "Which?", typed=("recurrent",), wrong_words=(Option("recurrant", False, "Look up!"),)
    )

    checked = check_text(ask(Item("d/c", card, "")), "Recurrant")

    assert (checked.verdict, checked.feedback) == (Verdict.WRONG, ("Look up!",))


def test_an_empty_field_reveals_instead_of_marking() -> None:
    assert check_text(typed("x"), "  ").verdict is Verdict.YOURS


@settings(max_examples=500)
@given(st.text(max_size=30))
@example("!\x1f")
def test_every_text_equals_itself(text: str) -> None:
    if level(text):
        assert check_text(typed(text), text).verdict in (Verdict.RIGHT, Verdict.YOURS)


@given(st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_no_answer_can_crash_the_check(answer: str, spelling: str) -> None:
    assert 0 <= check_text(typed(spelling), answer).credit <= 1


def test_picking_the_right_option_is_right_and_its_feedback_is_shown() -> None:
    checked = check_picks(choices(Kind.CHOICE, False, True, False), [1])

    assert (checked.verdict, checked.credit, checked.feedback) == (Verdict.RIGHT, 1.0, ("because 1",))


def test_all_that_apply_gives_credit_for_hits_and_takes_it_for_false_alarms() -> None:
    question = choices(Kind.ALL_THAT_APPLY, True, True, False, False)

    assert check_picks(question, [0, 1]).credit == 1
    assert check_picks(question, [0]).credit == 0.5
    assert check_picks(question, [0, 2]).verdict is Verdict.WRONG
    assert check_picks(question, [0, 1, 2, 3]).credit == 0


@given(st.lists(st.booleans(), min_size=2, max_size=6), st.sets(st.integers(0, 5)))
def test_only_exactly_the_right_options_are_right(flags: list[bool], picks: set[int]) -> None:
    question = choices(Kind.ALL_THAT_APPLY, *flags)
    chosen = {place for place in picks if place < len(flags)}

    checked = check_picks(question, sorted(chosen))

    assert checked.right == (chosen == {place for place, flag in enumerate(flags) if flag})


def test_nothing_picked_is_asked_again() -> None:
    assert check_picks(choices(Kind.CHOICE, True, False), []).verdict is Verdict.RETRY


def test_options_come_in_another_order_the_next_time_but_true_stays_before_false() -> None:
    options = tuple(Option(str(place), place == 0) for place in range(6))
    item = Item("d/c", Card("d", "c", Kind.CHOICE, "?", options=options), "")
    orders = {tuple(choice.index for choice in ask(item, seed).choices) for seed in range(20)}

    assert len(orders) > 10
    assert ask(item, 3) == ask(item, 3)

    sides = (Option("True", True), Option("False", False))
    truth = Item("d/t", Card("d", "t", Kind.TRUE_FALSE, "?", options=sides), "")
    assert all(ask(truth, seed).choices[0].text == "True" for seed in range(9))


def test_a_reversed_item_asks_the_answer() -> None:
    card = Card("d", "bptt", Kind.BASIC, "BPTT", back="Backpropagation through time", both=True)

    asked = [ask(item) for item in card.items]

    assert [(one.prompt, one.answer, one.way) for one in asked] == [
        ("BPTT", "Backpropagation through time", Way.RECALL),
        ("Backpropagation through time", "BPTT", Way.RECALL),
    ]


def cloze(text: str, number: int) -> Question:
    """The item of one blank number."""
    card = Card("d", "c", Kind.CLOZE, text, blanks=tuple(gap.blank for gap in gaps(text)[0]))
    return ask(Item(f"d/c:c{number}", card, f"c{number}"))


def test_a_cloze_hides_its_own_number_and_says_the_others() -> None:
    question = cloze("At most {{1|0.25|a number}}, so gradients {{2|vanish}}.", 1)

    assert question.prompt == "At most [a number], so gradients vanish."
    assert question.answer == "At most **0.25**, so gradients vanish."
    assert check_text(question, "0.25").right
    assert not check_text(question, "0.3").right


def test_a_blank_inside_a_formula_stays_a_formula() -> None:
    question = cloze(r"$\delta = {{1|y - t}}$ for cross-entropy", 1)

    assert question.prompt == r"$\delta = \text{[…]}$ for cross-entropy"
    assert question.answer == r"$\delta = y - t$ for cross-entropy"


def test_two_gaps_of_one_number_are_answered_together() -> None:
    question = cloze("{{1|momentum}} and {{1|RMSprop}} make Adam", 1)

    assert question.wanted == "2 gaps, separated by ;"
    assert check_text(question, "momentum; rmsprop").right
    assert check_text(question, "momentum; adagrad").credit == 0.5
    assert check_text(question, "momentum").verdict is Verdict.RETRY


@pytest.mark.parametrize("typed_number", ["0.25", ".25", "0,25", "1/4", "25%", "$0.25$"])
def test_a_number_in_a_gap_may_be_written_as_numbers_may(typed_number: str) -> None:
    assert check_text(cloze("At most {{1|0.25}}.", 1), typed_number).right


@pytest.mark.parametrize("answer", ["optimiser", "Optimizer", "the optimizr", "Adam"])
def test_a_gap_takes_each_of_its_answers(answer: str) -> None:
    question = cloze('The {{1|"optimiser" | "optimizer" | "Adam" | who?}} changes the weights.', 1)

    assert question.prompt == "The [who?] changes the weights."
    assert "**optimiser**" in question.answer
    assert check_text(question, answer).right
    assert not check_text(question, "backprop").right


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (NumericAnswer("0.5", 0.5, precision="3sf"), "3 significant figures"),
        (NumericAnswer("5", 5.0, precision="int"), "a whole number"),
        (NumericAnswer("0.5", 0.5, tolerance=0.1), "a number"),
        (NumericAnswer("[5, 3]", (5.0, 3.0), precision="int"), "2 numbers, whole"),
        (NumericAnswer("[0.5, 0.3]", (0.5, 0.3), precision="2dp"), "2 numbers, 2 decimals"),
        (NumericAnswer("[[1, 2, 3]]", ((1.0, 2.0, 3.0),), tolerance=0.1), "1×3 numbers, a ; between rows"),
    ],
)
def test_the_field_says_what_form_of_number_is_wanted(answer: NumericAnswer, words: str) -> None:
    assert wanted_form(answer) == words


def test_words_in_a_gap_for_a_number_are_asked_again() -> None:
    question = cloze("At most {{1|0.25}} or {{1|small}}.", 1)

    assert check_text(question, "a quarter; small").verdict is Verdict.RETRY
    assert check_text(question, "0.26; small").credit < 1
