"""How far a student's predictions are from its teacher's."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch

from .adapter import Adapter
from .decoder import Decoder
from .sharing import Sharing
from .texts import Text

#: How much a mean over each kind of position counts in the loss. What is copied is far more uncertain
#: under a plan than prose, and would otherwise be all that is learnt.
WEIGHTS = {"prose": 1.0, "copy": 0.5, "answers": 0.5}


@dataclass(frozen=True)
class Student:
    """A decoder under a plan, and what of it is learnt."""

    decoder: Decoder
    sharing: Sharing
    adapter: Adapter

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        return self.decoder(ids, self.sharing, self.adapter)


def divergence(teacher: torch.Tensor, student: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence of `[rows, vocabSize]` logits over the whole vocabulary, nats, `[rows]`."""
    expected = teacher.log_softmax(-1)
    return (expected.exp() * (expected - student.log_softmax(-1))).sum(-1)


def chosen_positions(text: Text, most: int, draw: random.Random) -> dict[str, list[int]]:
    """At most so many positions of each kind, drawn at random: predictions cost more than they teach when all are made."""
    return {
        kind: sorted(draw.sample(positions, most)) if len(positions) > most else positions
        for kind, positions in text.positions.items()
        if positions
    }


def distillation_loss(
    student: Student, text: Text, positions: dict[str, list[int]]
) -> tuple[torch.Tensor, dict[str, float]]:
    """The weighted mean divergence from the dense decoder, and its means by kind."""
    ids = torch.tensor(text.ids)
    rows = [at for kind in positions for at in positions[kind]]
    decoder = student.decoder
    with torch.no_grad():
        teacher = decoder.logits(decoder(ids)[rows])
    found = divergence(teacher, decoder.logits(student.hidden(ids)[rows]))
    means = {
        kind: part.mean()
        for kind, part in zip(positions, found.split([len(of) for of in positions.values()]), strict=True)
    }
    loss = sum((WEIGHTS[kind] * mean for kind, mean in means.items()), torch.zeros(()))
    return loss, {kind: mean.item() for kind, mean in means.items()}
