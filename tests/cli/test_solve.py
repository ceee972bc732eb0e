"""`studyapp solve`: homework in, a worked solution out; errors are one sentence and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from studyapp.cli.group import cli

SEED = """
forward = '''
y = w @ x
L = (t - y)**2 / 2
'''
loss = "L"
ask = ["y", "error: t - y", "dL/dw", "w'"]
[given]
w = [0.5, -0.2]
x = [1.0, 0.8]
t = 0.6
eta = 0.1
[update]
rule = "sgd"
rate = "eta"
of = ["w"]
[symbols]
eta = '\\eta'
"""
NETWORK = """
forward = '''
z1 = X @ W1.T + b1
a1 = tanh(z1)
z2 = a1 @ W2.T + b2
p = softmax(z2)
L = mean(cross_entropy(p, t))
'''
loss = "L"
[given]
X = [[0.1, -0.4], [0.7, 0.2], [-0.3, 0.9]]
W1 = [[0.3, -0.2], [0.5, 0.4], [-0.6, 0.1]]
b1 = [0.1, 0.0, -0.1]
W2 = [[0.2, -0.5, 0.3], [0.4, 0.1, -0.2]]
b2 = [0.05, -0.05]
t = [[1, 0], [0, 1], [1, 0]]
[update]
rule = "adam"
rate = 0.01
of = ["W1", "b1", "W2", "b2"]
"""
CONVOLUTION = """
forward = '''
Y = conv2d(X, K) + b
P = maxpool(Y, 2)
L = sum((P - T)**2)
'''
loss = "L"
[given]
X = "linspace(-1, 1, 25, [5, 5])"
K = [[0.5, -1.0], [1.5, 0.25]]
b = 0.1
T = [[0.0, 1.0], [0.5, -0.5]]
"""
SERIES = """
forward = "L = g * w"
loss = "L"
ask = ["v'", "w'"]
[given]
w = 1.0
[series]
g = [1.0, 0.5, -0.5]
[update]
rule = "momentum"
rate = 0.1
mu = 0.9
of = ["w"]
"""


def solve(tmp_path: Path, text: str, *options: str) -> Result:
    path = tmp_path / "task.toml"
    path.write_text(text, encoding="utf-8")
    return CliRunner().invoke(cli, ["solve", str(path), *options])


def data(tmp_path: Path, text: str) -> dict[str, Any]:
    result = solve(tmp_path, text, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_json_holds_everything_with_full_precision(tmp_path: Path) -> None:
    found = data(tmp_path, SEED)
    assert list(found) == ["values", "gradients", "updated", "state", "steps", "mistakes"]
    assert found["values"] == pytest.approx({"y": 0.34, "L": 0.0338, "error": 0.26}, rel=1e-14)
    assert found["gradients"]["w"] == pytest.approx([-0.26, -0.208], rel=1e-14)
    assert set(found["gradients"]) == {"w", "x", "t"}
    assert found["updated"] == {"w": pytest.approx([0.526, -0.1792], rel=1e-14)}
    assert found["state"] == {}
    assert {"name", "prompt", "formula", "substituted", "value"} <= set(found["steps"][0])
    flipped = next(m for m in found["mistakes"] if m["id"] == "D04" and m["step"] == "w'")
    assert flipped["value"] == pytest.approx([0.474, -0.2208], rel=1e-14)
    assert flipped["name"]


def test_several_updates_have_a_trajectory_and_hand_on_their_state(tmp_path: Path) -> None:
    found = data(tmp_path, SERIES)
    assert [m["updated"]["w"] for m in found["trajectory"]] == pytest.approx([0.9, 0.76, 0.684])
    assert found["updated"]["w"] == pytest.approx(0.684)
    assert found["state"]["v"] == pytest.approx(0.76)
    assert [s["name"] for s in found["steps"] if s["asked"]] == ["v'", "w'", "v'#2", "w'#2", "v'#3", "w'#3"]
    assert {m["id"] for m in found["mistakes"] if m["step"] == "w'#3"} >= {"O01", "O02", "O03", "O04"}


def test_adam_says_how_many_updates_were_made(tmp_path: Path) -> None:
    found = data(tmp_path, NETWORK + "[state]\nt = 3\n")
    assert found["state"]["W1"]["t"] == 4
    assert set(found["state"]["b2"]) == {"m", "v", "t"}


@pytest.mark.parametrize(
    "text", [SEED, NETWORK, CONVOLUTION, SERIES], ids=["neuron", "network", "convolution", "momentum"]
)
@pytest.mark.parametrize("options", [(), ("--steps",)])
def test_the_worked_solution_fits_eighty_columns(tmp_path: Path, text: str, options: tuple[str, ...]) -> None:
    result = solve(tmp_path, text, *options)
    assert result.exit_code == 0, result.output
    assert max(len(line) for line in result.stdout.splitlines()) <= 80
    assert not result.stderr
    assert "\\" not in result.stdout  # everything was typeset


def test_the_worked_solution_reads_as_on_paper(tmp_path: Path) -> None:
    lines = [line.strip() for line in solve(tmp_path, SEED).stdout.splitlines()]
    assert "y = w₁ x₁ + w₂ x₂ = 0.5·1 + (−0.2)·0.8 = 0.34" in lines
    assert "error = t − y = 0.6 − 0.34 = 0.26" in lines
    assert "w₂′ = −0.2 − 0.1·(−0.208) = −0.1792" in lines


def test_formulas_as_latex(tmp_path: Path) -> None:
    assert r"\frac{\partial L}{\partial w}" in solve(tmp_path, SEED, "--latex").stdout


def test_the_program_can_come_from_a_pipe() -> None:
    result = CliRunner().invoke(cli, ["solve", "-", "--json"], input=SEED)
    assert json.loads(result.stdout)["values"]["y"] == pytest.approx(0.34)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('forward = "y = a * 2"\n[given]\nb = 1.0', "unknown name `a`"),
        ('forward = "y = a @ b"\n[given]\na = [1.0, 2.0]\nb = [1.0, 2.0, 3.0]', "2 columns meet 3 rows"),
        ('forward = """a = b\nb = a"""', "a cycle"),
        ('forward = "y = 1 / a"\n[given]\na = 0.0', "division by zero"),
        ('forward = "y = exp(a)"\n[given]\na = 1e6', "overflow"),
        ('forward = "y = __import__(1)"', "`__import__` cannot be a name"),
        ("#" * 10_000_000, "at most 1,000,000"),
        ('forward = "y = outer(a, a)"\n[given]\na = "linspace(0, 1, 40000)"', "1,600,000,000 elements"),
        ('forward = "y = ' + "(" * 10_000 + "1" + ")" * 10_000 + '"', "20,000"),
        ('forward = "y = ' + "(" * 5_000 + "1" + ")" * 5_000 + '"', "brackets are nested"),
        ("given = " + "[" * 10_000, "nested too deeply"),
        ("forward", "not TOML"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_bad_input_ends_in_one_sentence_and_exit_code_2(
    tmp_path: Path, text: str, says: str, options: tuple[str, ...]
) -> None:
    result = solve(tmp_path, text, *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_missing_file_ends_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nothing.toml"
    result = CliRunner().invoke(cli, ["solve", str(path)])
    assert result.exit_code == 2
    assert result.stderr == f"{path} cannot be read: No such file or directory\n"


@pytest.mark.parametrize("piped", ["", "notes"])
def test_what_is_piped_in_is_never_taken_for_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piped: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes").write_text(SEED)
    result = CliRunner().invoke(cli, ["solve", "-"], input=piped)
    assert result.exit_code == 2
    assert "Is a directory" not in result.stderr


def test_a_long_line_is_broken_at_a_sign_within_eighty_columns(tmp_path: Path) -> None:
    given = "".join(f"x{i} = {0.123456 * (-1) ** i}\nw{i} = {0.654321 / i}\n" for i in range(1, 9))
    forward = "y = " + " + ".join(f"w{i} * x{i}" for i in range(1, 9)) + "\nL = (y - t)**2 / 2"
    result = solve(tmp_path, f"forward = '''\n{forward}\n'''\nloss = 'L'\n[given]\nt = 1.0\n{given}")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("          + ") for line in lines)
    assert "…" not in result.stdout


def test_new_values_stand_in_columns(tmp_path: Path) -> None:
    lines = solve(tmp_path, NETWORK).stdout.splitlines()
    at = lines.index("Updated")
    assert lines[at + 1].startswith("    W1' = [[")
    assert len({line.rindex(",", 0, -1) for line in lines[at + 1 : at + 4]}) == 1
    assert lines[at + 4].startswith("    b1' = [")


def test_the_number_of_updates_may_stand_above_the_tables(tmp_path: Path) -> None:
    within = SEED.replace('rule = "sgd"', 'rule = "sgd"\nsteps = 3')
    above = data(tmp_path, "steps = 3\n" + SEED)
    assert above == data(tmp_path, within)
    assert len(above["trajectory"]) == 3
    twice = solve(tmp_path, "steps = 2\n" + within)
    assert twice.exit_code == 2
    assert "say it once" in twice.stderr
