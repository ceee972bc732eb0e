"""Networks in cells: every weight is readable, on its edge or in the table, and no label hides another."""

from __future__ import annotations

from itertools import pairwise
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.typeset.network import Edge, Unit, network, neuron


def look(drawing: str) -> str:
    return dedent(drawing).strip("\n")


def layered(*sizes: int) -> tuple[list[list[Unit]], list[Edge]]:
    """Fully joined layers whose weights all differ."""
    layers = [[Unit(f"{letter}{n + 1}") for n in range(size)] for letter, size in zip("xhgy", sizes, strict=False)]
    edges = []
    for one, other in pairwise(layers):
        edges += [
            Edge(a.name, b.name, f"{(-1) ** len(edges) * (len(edges) + 11) / 100:.2f}") for a in one for b in other
        ]
        edges = [Edge(e.source, e.target, f"{(-1) ** n * (n + 11) / 100:.2f}") for n, e in enumerate(edges)]
    return layers, edges


def test_a_neuron_looks_as_on_the_exercise_screen() -> None:
    drawing = neuron(
        [(Unit("x₁", "0.7"), Edge("x₁", "y", "0.5", "w₁")), (Unit("x₂", "−0.4"), Edge("x₂", "y", "0.3", "w₂"))],
        width=60,
    )
    assert drawing.text == look("""
        x₁  0.7 ─── w₁ 0.5 ──╮
                             ├── Σ ── y
        x₂ −0.4 ─── w₂ 0.3 ──╯
    """)
    assert drawing.words == (
        "A neuron with the output y: input x₁ 0.7 with weight w₁ +0.5 and input x₂ −0.4 with weight w₂ +0.3."
    )


def test_three_inputs_without_values_meet_in_the_middle() -> None:
    inputs = [(Unit(name), Edge(name, "a", "", weight)) for name, weight in (("x₁", "w₁"), ("x₂", "w₂"), ("1", "b"))]
    assert neuron(inputs, width=60, sign="Σ → tanh", output="a").text == look("""
        x₁ ─── w₁ ──╮
                    │
        x₂ ─── w₂ ──┼── Σ → tanh ── a
                    │
        1  ─── b ───╯
    """)


def test_a_neuron_without_room_becomes_a_table() -> None:
    inputs = [(Unit("x₁", "0.7"), Edge("x₁", "y", "−0.5", "w₁"))]
    assert neuron(inputs, width=16).text == "x₁ → y  w₁ = −0.5"


@pytest.mark.parametrize("sizes", [(2, 1), (2, 2, 1), (2, 3, 1), (3, 3, 2), (4, 4, 2), (4, 4)])
def test_every_weight_of_a_small_network_can_be_read(sizes: tuple[int, ...]) -> None:
    layers, edges = layered(*sizes)
    drawing = network(layers, edges, width=76)
    for edge in edges:
        assert drawing.text.count(edge.label) >= 1, edge
        assert f"{edge.source} to {edge.target} {edge.label}" in drawing.words
    for unit in (unit for layer in layers for unit in layer):
        assert unit.name in drawing.text
    assert all(line.width <= 76 for line in drawing.lines)


def test_the_two_two_one_network_has_its_weights_on_its_edges() -> None:
    layers, edges = layered(2, 2, 1)
    drawing = network(layers, edges, width=60)
    assert len(drawing.lines) == 5
    assert drawing.lines[0].text.startswith("x1 ")
    assert {
        line.text[span.start : span.end] for line in drawing.lines for span in line.spans if span.style == "weight"
    } == {edge.label for edge in edges}


def test_the_sign_is_written_and_not_only_coloured() -> None:
    assert [Edge("a", "b", value).label for value in ("0.5", "-0.25", "−1", ".5")] == ["+0.5", "−0.25", "−1", "+.5"]
    assert Edge("a", "b", "", "w₁").label == "w₁"


def test_an_edge_runs_from_a_blank_behind_its_unit_to_a_blank_before_the_next() -> None:
    layers, edges = [[Unit("a"), Unit("c")], [Unit("b")]], [Edge("a", "b", ""), Edge("c", "b", "")]
    assert network(layers, edges, width=20).text == look("""
        a ⠤⣀⣀
             ⠉⠉⠒⠒⠤⠤⣀⣀
                     ⠉⠉⣒⣒⠤ b
               ⣀⣀⠤⠤⠒⠒⠉⠉
        c ⠤⠒⠒⠉⠉
    """)


def test_a_large_network_is_a_table_only() -> None:
    layers, edges = layered(5, 2, 1)
    drawing = network(layers, edges, width=76)
    assert "x5 → h2" in drawing.text
    assert "⠤" not in drawing.text


def test_what_is_strong_stands_out_and_nothing_else() -> None:
    layers = [[Unit("x1"), Unit("x2")], [Unit("h1", strong=True)], [Unit("y")]]
    edges = [Edge("x1", "h1", "0.5"), Edge("x2", "h1", "-0.3"), Edge("h1", "y", "2", strong=True)]
    drawing = network(layers, edges, width=60)
    shown = "".join(line.text[s.start : s.end] for line in drawing.lines for s in line.spans if s.style == "emphasis")
    assert "h1" in shown
    assert "+2" in shown
    assert "0.5" not in shown
    assert "⠤+2⠤" in shown, "the line of a strong edge too"
    assert [span.style for span in drawing.lines[-1].spans] == ["unit", "edge", "weight"]


def test_the_parts_of_a_neuron_can_stand_out() -> None:
    inputs = [(Unit("x1", "1"), Edge("x1", "y", "0.5", "w1", strong=True)), (Unit("x2", "2"), Edge("x2", "y", "3"))]
    drawing = neuron(inputs, width=60, output=Unit("y", strong=True))
    shown = [line.text[s.start : s.end] for line in drawing.lines for s in line.spans if s.style == "emphasis"]
    assert shown == ["w1 0.5", "y"]


def test_an_edge_to_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        network([[Unit("x")]], [Edge("x", "z", "1")], width=60)
    with pytest.raises(ValueError, match="same name"):
        network([[Unit("x")], [Unit("x")]], [], width=60)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(20, 90))
@settings(max_examples=60, deadline=None)
def test_networks_of_any_size_fit_their_width(sizes: list[int], width: int) -> None:
    layers, edges = layered(*sizes)
    drawing = network(layers, edges, width=width)
    assert all(line.width <= width for line in drawing.lines)
    assert all(edge.label in drawing.text for edge in edges)
