"""`studyapp mark`: one answer against one true value. Reads its arguments, asks `engine.marking`, prints the mark."""

from __future__ import annotations

import json
import math

import click

from engine.marking import Mark, MarkingError, Nested, Precision, mark


class _Dashes(click.Command):
    """A command whose answer may begin with a minus sign: `-0.179` and `-x` are answers, not options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the answer behind `--` when it would look like a short option."""
        taken = {option for parameter in self.params for option in parameter.opts if option.startswith("-")}
        taken.update(ctx.help_option_names)
        with_value = {option for parameter in self.params if not _is_flag(parameter) for option in parameter.opts}
        front: list[str] = []
        answers: list[str] = []
        rest = list(args)
        while rest:
            word = rest.pop(0)
            if word == "--":
                answers += rest
                break
            if word.split("=", 1)[0] in taken or word.startswith("--"):
                front.append(word)
                if word in with_value and rest:
                    front.append(rest.pop(0))
            else:
                answers.append(word)
        return super().parse_args(ctx, [*front, "--", *answers])


def _is_flag(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count)


@click.command(cls=_Dashes)
@click.argument("answer")
@click.option(
    "--true", "true", required=True, metavar="V", help="The true value: a number, or an array as [[1, 2], …]."
)
@click.option("--precision", default="3sf", show_default=True, metavar="P", help="What is asked: 3sf, 2dp, int, exact.")
@click.option("--given", "givens", multiple=True, metavar="NAME=V", help="A name that the answer may use; repeatable.")
@click.option("--tolerance", type=float, metavar="D", help="Accept V ± D instead of asking for digits.")
@click.option("--relative", type=float, metavar="S", help="Accept V ± S·V, as 0.01, instead of asking for digits.")
@click.option("--json", "as_json", is_flag=True, help="Print the mark as JSON.")
def command(  # noqa: PLR0917  click passes them by name
    answer: str,
    true: str,
    precision: str,
    givens: tuple[str, ...],
    tolerance: float | None,
    relative: float | None,
    as_json: bool,
) -> None:
    """Mark ANSWER: a decimal, fraction, percentage, expression, list or table.

    The mark is 0…1, with the verdict and a reason. A wrong answer is not an error: the exit code is 0 for every mark.
    """
    for option, bound in (("--tolerance", tolerance), ("--relative", relative)):
        if bound is not None and not (math.isfinite(bound) and bound >= 0):
            raise click.BadParameter(f"{bound} is not a distance: give a number from 0 up", param_hint=option)
    names = dict(_given(text) for text in givens)
    try:
        given = mark(
            answer,
            _value(true, "--true"),
            Precision.parse(precision),
            names=names,
            tolerance=tolerance,
            relative=relative,
        )
    except MarkingError as refusal:
        raise click.UsageError(str(refusal)) from None
    if as_json:
        click.echo(json.dumps(given.as_json()))
    else:
        click.echo(_printable(in_words(given)))


def in_words(given: Mark) -> str:
    """The mark in the order people need it: what was read, the verdict with sign and word, the reason."""
    sign, word = _sign(given)
    credit = "nothing marked, try again" if given.credit is None else f"credit {given.credit:g}"
    lines = [f"read as {given.read}"] if given.read else []
    return "\n".join([*lines, f"{sign} {word} ({given.verdict}; {credit})", given.reason])


def _sign(given: Mark) -> tuple[str, str]:
    if given.invalid:
        return "?", "not read"
    if given.accepted:
        return ("~", "accepted") if given.verdict.startswith("close") else ("✓", "right")
    if given.credit is None:
        return "~", "not counted"
    return ("~", "partly right") if given.credit > 0 else ("✗", "not yet")


def _given(text: str) -> tuple[str, Nested]:
    """`NAME=V` as a pair."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise click.BadParameter(f"{text!r} is not NAME=V: write for example --given eta=0.1", param_hint="--given")
    return name.strip(), _value(value, "--given")


def _value(text: str, option: str) -> Nested:
    """A number, or an array as a JSON nested list."""
    try:
        value: Nested = json.loads(text.replace("\u2212", "-"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = _decimal(text, option)
    if not _is_numeric(value):
        raise click.BadParameter(f"{text!r:.60} is not a number or a list of numbers", param_hint=option)
    return value


def _decimal(text: str, option: str) -> float:
    """What JSON does not know as a number: `.5`, `+3`, `007`."""
    try:
        return float(text.replace("_", "?"))
    except ValueError:
        message = f"{text!r:.60} is neither a number nor an array: write 0.25 or [0.1, 0.2]"
        raise click.BadParameter(message, param_hint=option) from None


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _is_numeric(value: object, axes: int = 8) -> bool:
    if isinstance(value, list):
        return axes > 0 and all(_is_numeric(entry, axes - 1) for entry in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _printable(text: str) -> str:
    """Text that any terminal can be given: what cannot be encoded is written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
