"""The table of symbols: TeX command, character, class, ASCII spelling and spoken words. Data, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """TeX's classes of atoms; they decide the blanks between neighbours."""

    ORD = "ordinary"
    OP = "large operator"
    FUNC = "named function"
    BIN = "binary operator"
    REL = "relation"
    OPEN = "opening"
    CLOSE = "closing"
    PUNCT = "punctuation"


@dataclass(frozen=True)
class Symbol:
    """One row: `limits` marks operators that carry their limits above and below in display."""

    char: str
    kind: Kind
    ascii: str
    words: str
    limits: bool = False


_GREEK = """
alpha α | beta β | gamma γ | delta δ | epsilon ε | varepsilon ε | zeta ζ | eta η | theta θ | vartheta ϑ | iota ι |
kappa κ | varkappa ϰ | lambda λ | mu μ | nu ν | xi ξ | omicron ο | pi π | varpi ϖ | rho ρ | varrho ϱ | sigma σ |
varsigma ς | tau τ | upsilon υ | phi φ | varphi φ | chi χ | psi ψ | omega ω | Gamma Γ | Delta Δ | Theta Θ | Lambda Λ |
Xi Ξ | Pi Π | Sigma Σ | Upsilon Υ | Phi Φ | Psi Ψ | Omega Ω
"""

_ORDINARY = """
partial ∂ d partial
nabla ∇ grad gradient
infty ∞ inf infinity
ell ℓ l l
hbar ℏ hbar h bar
imath ı i i
jmath ȷ j j
Re ℜ Re real part
Im ℑ Im imaginary part
aleph ℵ aleph aleph
wp ℘ wp p
forall ∀ forall for all
exists ∃ exists there is
nexists ∄ not-exists there is no
neg ¬ ! not
lnot ¬ ! not
top ⊤ T top
bot ⊥ bottom bottom
emptyset ∅ {} the empty set
varnothing ∅ {} the empty set
angle ∠ angle angle
triangle △ triangle triangle
square □ [] box
Box □ [] box
blacksquare ■ [#] end of proof
checkmark ✓ (yes) right
dagger † ^+ dagger
ddagger ‡ ^++ double dagger
prime ′ ' prime
degree ° deg degrees
circledR ® (R) registered
S § S section
pounds £ GBP pounds
ldots … ... dot dot dot
dots … ... dot dot dot
dotsc … ... dot dot dot
dotso … ... dot dot dot
cdots ⋯ ... dot dot dot
dotsb ⋯ ... dot dot dot
dotsm ⋯ ... dot dot dot
vdots ⋮ : and so on down
ddots ⋱ ... and so on diagonally
% % % percent
# # # number
& & & and
_ _ _ underscore
$ $ $ dollar
colon : : colon
backslash \\ \\ backslash
"""

_LARGE = """
sum ∑ sum sum
prod ∏ prod product
coprod ∐ coprod coproduct
int ∫ int integral
iint ∬ iint double integral
iiint ∭ iiint triple integral
oint ∮ oint contour integral
bigcup ⋃ union union
bigcap ⋂ intersection intersection
bigoplus ⨁ (+) direct sum
bigotimes ⨂ (x) tensor product
bigodot ⨀ (.) elementwise product
bigvee ⋁ or or
bigwedge ⋀ and and
"""

_BINARY = """
pm ± +- plus or minus
mp ∓ -+ minus or plus
times × x times
cdot · * times
div ÷ / divided by
ast ∗ * star
star ⋆ * star
odot ⊙ (.) elementwise times
otimes ⊗ (x) tensor times
oplus ⊕ (+) circle plus
ominus ⊖ (-) circle minus
oslash ⊘ (/) elementwise divided by
circ ∘ o after
bullet • * bullet
cap ∩ cap intersected with
cup ∪ cup united with
setminus ∖ \\ without
wedge ∧ and and
land ∧ and and
vee ∨ or or
lor ∨ or or
dotplus ∔ + dot plus
"""

_RELATIONS = """
le ≤ <= is at most
leq ≤ <= is at most
leqslant ≤ <= is at most
ge ≥ >= is at least
geq ≥ >= is at least
geqslant ≥ >= is at least
lt < < is less than
gt > > is greater than
ll ≪ << is much less than
gg ≫ >> is much greater than
ne ≠ != is not equal to
neq ≠ != is not equal to
equiv ≡ == is identical to
approx ≈ ~= is approximately
approxeq ≊ ~= is approximately
simeq ≃ ~= is similar to
cong ≅ ~= is congruent to
sim ∼ ~ is distributed as
propto ∝ prop.to is proportional to
doteq ≐ := is defined as
coloneqq ≔ := is defined as
triangleq ≜ := is defined as
in ∈ in in
notin ∉ not-in not in
ni ∋ contains contains
subset ⊂ subset is a subset of
subseteq ⊆ subset= is a subset of
supset ⊃ supset is a superset of
supseteq ⊇ supset= is a superset of
prec ≺ < comes before
succ ≻ > comes after
preceq ⪯ <= comes before or equals
succeq ⪰ >= comes after or equals
mid | | given
nmid ∤ not-| does not divide
parallel ∥ || is parallel to
perp ⊥ _|_ is perpendicular to
vdash ⊢ |- proves
models ⊨ |= models
to → -> to
rightarrow → -> to
longrightarrow → -> to
leftarrow ← <- becomes
gets ← <- becomes
longleftarrow ← <- becomes
leftrightarrow ↔ <-> to and from
Rightarrow ⇒ => implies
Longrightarrow ⇒ => implies
implies ⇒ => implies
Leftarrow ⇐ <= follows from
impliedby ⇐ <= follows from
Leftrightarrow ⇔ <=> if and only if
iff ⇔ <=> if and only if
mapsto ↦ |-> maps to
longmapsto ↦ |-> maps to
hookrightarrow ↪ -> embeds into
uparrow ↑ ^ up
downarrow ↓ v down
updownarrow ↕ ^v up and down
Uparrow ⇑ ^ up
Downarrow ⇓ v down
nearrow ↗ /^ up right
searrow ↘ \\v down right
rightharpoonup ⇀ -> to
rightleftharpoons ⇌ <-> to and from
leadsto ⇝ ~> leads to
rightsquigarrow ⇝ ~> leads to
therefore ∴ therefore therefore
because ∵ because because
"""

_OPENING = """
( ( ( open bracket
[ [ [ open square bracket
{ { { open brace
lbrace { { open brace
lbrack [ [ open square bracket
lVert ‖ || norm of
lvert | | absolute value of
langle ⟨ < open angle bracket
lfloor ⌊ floor( floor of
lceil ⌈ ceil( ceiling of
"""

_CLOSING = """
) ) ) close bracket
] ] ] close square bracket
} } } close brace
rbrace } } close brace
rbrack ] ] close square bracket
rVert ‖ || end norm
rvert | | end absolute value
rangle ⟩ > close angle bracket
rfloor ⌋ ) end floor
rceil ⌉ ) end ceiling
"""

_FUNCTIONS = """
log ln exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arg deg det dim gcd hom ker lg Pr
lim liminf limsup max min sup inf argmax argmin
"""
_WITH_LIMITS = frozenset(
    {"lim", "liminf", "limsup", "max", "min", "sup", "inf", "argmax", "argmin", "Pr", "det", "gcd"}
)
_FUNCTION_WORDS = {
    "ln": "natural log",
    "exp": "exp",
    "lim": "limit",
    "max": "maximum",
    "min": "minimum",
    "argmax": "arg max",
    "argmin": "arg min",
    "sin": "sine",
    "cos": "cosine",
    "tan": "tangent",
    "tanh": "tanh",
    "det": "determinant",
    "Pr": "probability",
}
_INTEGRALS = frozenset({"int", "iint", "iiint", "oint"})


def _rows(table: str, kind: Kind) -> dict[str, Symbol]:
    found = {}
    for row in table.strip().splitlines():
        name, char, plain, words = row.split(maxsplit=3)
        found[name] = Symbol(char, kind, plain, words, limits=kind is Kind.OP and name not in _INTEGRALS)
    return found


def _greek() -> dict[str, Symbol]:
    found = {}
    for row in _GREEK.replace("\n", " ").split("|"):
        name, char = row.split()
        plain = name.removeprefix("var")
        found[name] = Symbol(char, Kind.ORD, plain, plain if plain[0].islower() else "capital " + plain.lower())
    return found


def _functions() -> dict[str, Symbol]:
    return {
        name: Symbol(name, Kind.FUNC, name, _FUNCTION_WORDS.get(name, name), limits=name in _WITH_LIMITS)
        for name in _FUNCTIONS.split()
    }


COMMANDS: dict[str, Symbol] = {
    **_greek(),
    **_rows(_ORDINARY, Kind.ORD),
    **_rows(_LARGE, Kind.OP),
    **_rows(_BINARY, Kind.BIN),
    **_rows(_RELATIONS, Kind.REL),
    **_rows(_OPENING, Kind.OPEN),
    **_rows(_CLOSING, Kind.CLOSE),
    **_functions(),
    "|": Symbol("‖", Kind.ORD, "||", "double bar"),
    "Vert": Symbol("‖", Kind.ORD, "||", "double bar"),
    "vert": Symbol("|", Kind.ORD, "|", "bar"),
}
"""Commands that stand for one symbol, without the backslash."""

CHARACTERS: dict[str, Symbol] = {
    "+": Symbol("+", Kind.BIN, "+", "plus"),
    "-": Symbol("−", Kind.BIN, "-", "minus"),
    "−": Symbol("−", Kind.BIN, "-", "minus"),
    "*": Symbol("*", Kind.BIN, "*", "times"),
    "/": Symbol("/", Kind.ORD, "/", "over"),
    "=": Symbol("=", Kind.REL, "=", "equals"),
    "<": Symbol("<", Kind.REL, "<", "is less than"),
    ">": Symbol(">", Kind.REL, ">", "is greater than"),
    ":": Symbol(":", Kind.REL, ":", "colon"),
    ":=": Symbol(":=", Kind.REL, ":=", "is defined as"),
    ",": Symbol(",", Kind.PUNCT, ",", ","),
    ";": Symbol(";", Kind.PUNCT, ";", ";"),
    "(": COMMANDS["("],
    ")": COMMANDS[")"],
    "[": COMMANDS["["],
    "]": COMMANDS["]"],
    "|": COMMANDS["vert"],
    "!": Symbol("!", Kind.CLOSE, "!", "factorial"),
    "?": Symbol("?", Kind.CLOSE, "?", "question mark"),
    ".": Symbol(".", Kind.ORD, ".", "point"),
    "@": Symbol("@", Kind.BIN, "@", "matrix times"),
    "ℝ": Symbol("ℝ", Kind.ORD, "R", "R"),
}
"""What a character written as itself means; letters and digits are ordinary and not listed."""
for _symbol in COMMANDS.values():
    if len(_symbol.char) == 1 and not _symbol.char.isascii():
        CHARACTERS.setdefault(_symbol.char, _symbol)
CHARACTERS["⊥"] = COMMANDS["bot"]

_PAIRS = (
    "─- │| ┌+ ┐+ └+ ┘+ ├+ ┤+ ┬+ ┴+ ┼+ ╭+ ╮+ ╰+ ╯+ ╱/ ╲\\ ⎛/ ⎜| ⎝\\ ⎞\\ ⎟| ⎠/ ⎡[ ⎢[ ⎣[ ⎤] ⎥] ⎦] ⎧/ ⎨< ⎩\\ ⎪| ⎫\\ ⎬> ⎭/ "
    "⌠/ ⎮| ⌡/ ‾- ⟨< ⟩> ‖| →> ←< •* ▏| ●o ○o █# ▰# ▱- ━= ░. ▒: ▓%"
)
DRAWN = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
"""What drawings are made of, in ASCII."""
