"""What an author is told: which key, on which line, and what to write instead."""

import pytest

from engine.exercises import ExhaustedError, TemplateError, generate, read_template

GOOD = '''title = "A line"
conventions = "None."
forward = """
y = w * x
L = (y - t)**2 / 2
"""
loss = "L"
update = { rule = "sgd", rate = 0.1, of = ["w"] }
ask = ["y", "dL/dw", "w'"]

[sample.w]
from = 0.2
to = 0.9
step = 0.1

[sample.x]
one_of = [2, 3, 4]

[sample.t]
one_of = [0.5, 5]
'''


def test_a_short_template_is_enough():
    variant = generate(read_template(GOOD, "a-line"), 1)
    assert [s.name for s in variant.steps] == ["y", "dL/dw", "w'"]
    assert all(m.sentence and m.question for s in variant.steps for m in s.mistakes)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "A line"', "title = 3", 1, ["title", "text"]),
        ("[sample.t]", "[series]\ng = ['a']\n[sample.t]", 20, ["series.g"]),
        ("loss =", "los =", 7, ["los", "did you mean `loss`"]),
        ("y = w * x", "y = w * q", 3, ["q", "add [sample.q]"]),
        ("y = w * x", "y = w *", 3, ["forward", "line 1"]),
        ('"dL/dw"', '"dL/dv"', 9, ["dL/dv", "ask"]),
        ('ask = ["y"', 'ask = ["y", "y"', 9, ["asked twice"]),
        ("step = 0.1", "step = -0.1", 14, ["sample.w.step", "positive step"]),
        ("one_of = [2, 3, 4]", "one_of = []", 17, ["sample.x.one_of"]),
        ("one_of = [2, 3, 4]", "one_of = [2]\nexclude = [2]", 16, ["nothing is left"]),
        ("one_of = [2, 3, 4]", "shap = [2]", 17, ["did you mean `shape`"]),
        ("one_of = [2, 3, 4]", 'one_of = ["two"]', 17, ["numbers"]),
        ("[sample.t]", '[require]\nnot_degenerate = ["y"]\n[sample.t]', 20, ["not one comparison"]),
        ("[sample.t]", "[levels]\nleast = 4\nmost = 3\n[sample.t]", 19, ["least ≤ start ≤ most"]),
        ("[sample.t]", "[[mistake]]\nid = 'D04'\nlines = { q = '1' }\n[sample.t]", 21, ["`q` is no line"]),
        ("[sample.t]", "[[mistake]]\nid = 'mine'\nlines = { y = 'w' }\n[sample.t]", 19, ["a name, a sentence"]),
        ("[sample.t]", "[network]\nlayers = [1, 1]\nedges = ['v']\n[sample.t]", 19, ["`v` is not a given"]),
        ('ask = ["y"', 'ask = [{ choose = [["a"]], name = "n", prompt = "?" }', 9, ["two or more options"]),
        ('ask = ["y"', 'ask = [{ of = "y", precision = "three" }', 9, ["three"]),
        ('update = { rule = "sgd"', 'update = { rule = "sdg"', 8, ["sdg"]),
    ],
)
def test_a_fault_is_named_with_its_line_and_remedy(old, new, line, words):
    assert old in GOOD
    with pytest.raises(TemplateError) as caught:
        read_template(GOOD.replace(old, new, 1), "a-line")
    assert caught.value.line == line, str(caught.value)
    for word in (*words, "a-line"):
        assert word in str(caught.value)


def test_a_template_without_a_usable_draw_says_so_and_why():
    impossible = GOOD + '\n[require]\nnot_degenerate = ["y > 100"]\n'
    with pytest.raises(ExhaustedError, match=r"a-line.*none of 200 draws.*y > 100"):
        generate(read_template(impossible, "a-line"), 1)


def test_a_mistake_that_hides_raises_the_precision_or_refuses_the_draw():
    # The steps lie at 1.00x of each other, so three figures cannot tell the update from the old value forgotten.
    near = GOOD.replace("rate = 0.1", "rate = 0.002").replace('ask = ["y", "dL/dw", ', "ask = [")
    template = read_template(near, "near")
    for seed in range(10):
        (step,) = generate(template, seed).steps
        figures = int(step.precision[0])
        assert figures in {3, 4}
        unit = 10.0**-figures
        for mistake in step.mistakes:
            if mistake.id != "P01":
                assert abs(mistake.value - step.value) >= 5 * unit * (1 - 1e-9)


def test_an_option_without_a_right_answer_is_reported():
    ask = 'ask = ["y", { name = "n", prompt = "?", choose = [["a", "y > 1000"], ["b", "y > 2000"]] }]\n'
    text = GOOD.replace('ask = ["y", "dL/dw", "w\'"]\n', ask)
    with pytest.raises(TemplateError, match="no option of `n` is right"):
        _ = generate(read_template(text, "a-line"), 1).steps


def test_a_solve_file_is_an_exercise_with_fixed_numbers():
    text = '''
forward = """
y = w @ x
L = (t - y)**2 / 2
"""
loss = "L"
update = { rule = "sgd", rate = 0.1, of = ["w"] }
[given]
w = [0.5, -0.2]
x = [1.0, 0.8]
t = 0.6
'''
    template = read_template(text, "my_own file")
    first, second = generate(template, 1), generate(template, 2)
    assert [s.name for s in first.steps] == ["y", "L", "dL/dw", "w'"]
    assert first.mark(3, "0.526, -0.179").verdict == "correct"
    assert first.as_json()["ask"] == second.as_json()["ask"]
    assert first.title == "my_own file"


def test_a_series_may_be_written_out():
    text = """
forward = "L = g * w"
loss = "L"
update = { rule = "momentum", rate = 0.1, mu = 0.9, of = ["w"] }
series = { g = [1.0, 0.5, -0.5] }
ask = ["w'#3"]
[given]
w = 1.0
"""
    (step,) = generate(read_template(text, "three-steps"), 1).steps
    assert step.value == pytest.approx(0.684)  # 0.9 · 0.76 as in the published three steps of momentum


def test_a_known_mistake_may_be_talked_about_in_the_words_of_the_exercise():
    reworded = GOOD + '\n[[mistake]]\nid = "D05"\nsentence = "You forgot to slow down."\n'
    plain, worded = generate(read_template(GOOD, "a-line"), 1), generate(read_template(reworded, "a-line"), 1)
    assert {n: float(v) for n, v in plain.given.items()} == {n: float(v) for n, v in worded.given.items()}
    (before,) = [m for m in plain.steps[2].mistakes if m.id == "D05"]
    (after,) = [m for m in worded.steps[2].mistakes if m.id == "D05"]
    assert (after.value, after.question) == (before.value, before.question)
    assert after.sentence == "You forgot to slow down." != before.sentence
    assert worded.mark(2, f"{after.value:.9f}").reason.startswith("You forgot to slow down.")


def test_other_words_for_no_known_mistake_are_reported():
    with pytest.raises(TemplateError, match="needs an id and lines"):
        read_template(GOOD + '\n[[mistake]]\nid = "mine"\nsentence = "What?"\n', "a-line")
