# ruff: noqa: E501 - a mistake is read best on one line
"""Every mistake by its stable id: a name, what was done (said to the person), and a question that leads back.

Ids never change their meaning: journals refer to them. Imports nothing, for progress is told without computing.
"""

from __future__ import annotations

from dataclasses import dataclass

NEAR = frozenset({"P01"})
"""Mistakes that lie near the truth by nature; a variant need not keep them apart from it."""


@dataclass(frozen=True)
class Wording:
    """How a mistake is talked about.

    Attributes:
        name: A few words.
        sentence: What was done, said to the person who did it.
        question: What to ask oneself: it leads back.
    """

    name: str
    sentence: str
    question: str


_ROWS = """
D01 | inputs dropped | You added up the weights without their inputs. | What is each weight multiplied by?
D02 | sign of a weight lost | You took a negative weight as positive. | Which weights are negative?
D03 | error with the opposite sign | You took the difference the other way round. | Which comes first here: target or output?
D04 | sign of the update flipped | You went up the gradient: the sign of the update is flipped. | In which direction does the loss fall?
D05 | learning rate forgotten | You subtracted the whole gradient, without the learning rate. | How large a part of the gradient is one step?
D06 | input factor dropped | You left out the factor that the input contributes. | What multiplies this weight on the way forward?
D07 | weight instead of input | You multiplied by the weight itself instead of the input. | Which factor is left when you differentiate w·x by w?
D08 | neighbour's input | You used the other input: an index slip. | Which input belongs to this weight?
D09 | output instead of error | You used the output where the error belongs. | How far is the output from its target?
D10 | target instead of error | You used the target where the error belongs. | How far is the output from its target?
D11 | squared error instead of error | You used the squared error. | What is the derivative of a square?
D12 | step instead of new value | This is the change, not the new value. | What does the change have to be added to?
D13 | factor 2 | There is a factor 2 too many or too few. | Does the loss carry a one half, and what does its square give when differentiated?
D14 | learning rate on the weight | You multiplied the weight, not the step, by the learning rate. | What does the learning rate shrink?
D15 | bias left unchanged | You left the bias as it was. | Does the loss depend on the bias?
L01 | sign of the exponent | You used e to the plus z. | Should a large z give an output near 1 or near 0?
L02 | identity instead of the activation | You passed the pre-activation on without the activation function. | What is applied to z?
L03 | derivative of the activation forgotten | You left out the derivative of the activation. | How much does the activation change when z does?
L04 | derivative fed the pre-activation | You put z where the activation belongs in the derivative. | In a(1-a), what is a?
L05 | activation applied twice | You took the derivative at the activation instead of at z. | At which point is the slope needed?
L06 | a instead of a(1-a) | You used the activation itself as its derivative. | What is the derivative of the sigmoid?
L07 | a(1+a) instead of a(1-a) | The sign inside the derivative is wrong. | Can the slope of the sigmoid be larger than one quarter?
L08 | extra derivative with cross-entropy | You multiplied by the sigmoid's derivative, which cancels with cross-entropy. | What remains of (a-t)/(a(1-a)) times a(1-a)?
L09 | derivative of tanh on a sigmoid | You used 1-a², the derivative of tanh. | Which activation is it?
L10 | base-10 logarithm | You used the logarithm to base 10. | Which logarithm does the cross-entropy use?
L11 | minus sign of the cross-entropy lost | You lost the minus sign. | Can this loss be negative?
L12 | half of the cross-entropy dropped | You dropped the term (1-t) ln(1-a). | What does the loss say when the target is 0?
H01 | updated weights used on the way back | You used the updated output weights while going back. | Which weights made the output that you are correcting?
H02 | no weights on the way back | You sent the error back without the weights. | How strongly does each unit influence the next layer?
H03 | derivative of the hidden activation forgotten | You left out the derivative of the hidden activation. | How much does the hidden activation change when z does?
H04 | matrix not transposed | You did not transpose the weight matrix. | Which weights leave this hidden unit?
H05 | only the first output's error | You used one path only; the sum over the outputs is missing. | Which outputs does this unit reach?
H06 | paths multiplied | You multiplied the paths instead of adding them. | What is done with several paths to the loss?
H07 | raw error sent back | You sent back the error of the output, not its delta. | Where does the output's own derivative belong?
H08 | derivative of the output unit | You used the output unit's derivative for the hidden unit. | Whose slope is needed here?
H09 | z(1-z) in the hidden layer | You put z where the hidden activation belongs. | In a(1-a), what is a?
H10 | activation instead of the input | You multiplied by the unit's own activation instead of its input. | What flows into this weight?
H11 | pre-activation instead of the activation | You multiplied by the pre-activation. | What does the layer before hand on: z or a?
H12 | outer product transposed | Rows and columns of the outer product are exchanged. | Which index counts the outputs in W?
S01 | target minus probability | The sign is flipped: target minus probability. | Should the right class's score rise or fall?
S02 | target not subtracted | You forgot to subtract the one-hot target. | What is the gradient for the right class?
S03 | diagonal of the Jacobian only | You treated softmax as if each output had only its own input. | Does one score change the other probabilities?
S04 | normalised without exponentials | You divided the scores themselves by their sum. | What happens to the scores before they are normalised?
S05 | a sigmoid per class | You used a sigmoid for every class. | What do the probabilities add up to?
B01 | summed instead of averaged | You added over the examples where the mean was stated. | How many examples are there?
B02 | averaged instead of summed | You took the mean where the sum was stated. | Is the loss divided by the number of examples?
B03 | first example only | You used one example only. | Which examples belong to this batch?
O01 | velocity forgotten | You took a plain gradient step, without the velocity. | What is left of the previous steps?
O02 | other form of momentum | You used the other form of momentum: averaged for accumulated, or the reverse. | Is the gradient multiplied by 1-μ here?
O03 | Nesterov and classical exchanged | You used the look-ahead form for the classical one, or the reverse. | At which point is the gradient taken?
O04 | velocity restarted | You started the velocity from zero again. | What is the old velocity multiplied by?
O05 | bias correction | You left out (or added) the bias correction. | How large is a moving average that began at zero?
O06 | ε on the wrong side of the root | You put ε on the other side of the root. | Is ε added before or after the root?
O07 | β₁ and β₂ exchanged | You exchanged the two decay rates. | Which average is the slower one?
O08 | correction without the power | You did not raise β to the power t. | How does the correction change from update to update?
O09 | time step off by one | You counted the updates from 2. | Which number has the first update?
O10 | square root forgotten | You divided by the average of the squares without its root. | Which unit has v?
O11 | decoupled decay and L2 exchanged | You used the decay in the gradient where it is decoupled, or the reverse. | Does the decay pass through the moving averages?
O12 | factor 2 of the penalty | You used 2λw where half of λw² was stated, or the reverse. | Does the penalty carry a one half?
O13 | λ without the sign of the weight | You left out the sign of the weight. | In which direction does the penalty pull a negative weight?
O14 | first change repeated | You repeated the first change instead of computing it anew. | From which value does the second update start?
C01 | clipped in the other way | You clipped entry by entry where the norm was meant, or the reverse. | What is compared with the threshold?
R01 | no scaling while training | You did not scale what was kept. | What keeps the expected value the same?
R02 | divided by the drop rate | You divided by the drop rate instead of the keep probability. | Which share of the units stays?
R03 | mask forgotten on the way back | You let the gradient through units that were dropped. | Did a dropped unit influence the loss?
R04 | scaled again at test time | You scaled at test time too. | What does inverted dropout do at test time?
T01 | first path only | You used one of the places where the value is used. | Where else does this value enter?
T02 | h_t for h_(t-1) | You used this moment's state where the one before belongs. | Which state does the recurrent weight multiply?
T03 | recurrent weight forgotten | You went back one moment without the recurrent weight. | How does one state influence the next?
T04 | contributions overwritten | You kept the last contribution only. | What is done when a value is used several times?
T05 | gradient overwritten | You kept one of several contributions. | How often is the value used?
T06 | own input | You multiplied by the value itself instead of by the other factor. | What is the derivative of x·y by x?
T07 | upstream factor dropped | You gave the local derivative without what comes from above. | What does the chain rule multiply it by?
T08 | max passes to both | You passed the gradient on to the smaller one too. | Does the smaller one influence the maximum?
K01 | derivative of the sigmoid on tanh | You used g(1-g), the sigmoid's derivative. | Which activation has the candidate?
K02 | 1 - tanh² forgotten | You left out the derivative of tanh. | What stands between the cell and the output gate?
K03 | gate ignored | You left out a gate. | What is the old content multiplied by?
V01 | kernel flipped | You flipped the kernel, where cross-correlation was stated. | In which order does the kernel meet the input?
V02 | kernel flipped on the way back | The kernel is flipped on the way back. | Which entry of the kernel touched this input?
V03 | mean instead of sum | You averaged over the positions instead of adding. | How often is this value used?
V04 | gradient spread over the window | You gave the whole gradient to every input of the window. | Which input decided the result?
V05 | + 1 forgotten | You forgot the + 1. | How many positions does a window have that just fits?
V06 | padding counted once | You counted the padding on one side only. | On how many sides is there padding?
V07 | bias forgotten | You left out the biases. | What is added to every weighted sum?
V08 | a factor left out | You left out one factor of the product. | Which sizes does one weight tensor have?
N01 | statistics as constants | You treated mean and variance as constants. | Do the mean and the variance change with x?
N02 | path through the variance forgotten | You left out the path through the variance. | Does the variance change with x?
N03 | divided by n - 1 | You divided by n - 1. | Which variance does normalisation use?
A01 | scale forgotten | You did not divide the scores by the root of d. | What keeps the scores from growing with d?
A02 | diagonal of the softmax Jacobian only | You treated the weights as if each had only its own score. | Does one score change the other weights?
A03 | softmax over the wrong axis | You normalised along the other axis. | What must add up to 1?
G01 | 2 of the central difference forgotten | You divided by h instead of 2h. | How far apart are the two points?
G02 | factors added | You added the factors instead of multiplying them. | What does the chain rule do with the layers' factors?
P01 | rounded too early | You rounded on the way. | How many digits did you carry?
"""

CATALOGUE: dict[str, Wording] = {
    parts[0]: Wording(*parts[1:])
    for parts in ([p.strip() for p in line.split(" | ")] for line in _ROWS.strip().splitlines())
}
"""Id → wording."""
