"""How good a student is on text that it is not trained on."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
import torch.nn.functional as functional

from .objective import Student, divergence
from .texts import Text, Texts, copying_text

#: What a run aims at. Each adds 1 to the score when it is just reached.
PROSE_GOAL_NATS = 0.02
COPY_GOAL_NATS = 0.1
#: Predictions that are made at once.
ROWS = 128


@dataclass(frozen=True)
class Judged:
    """Means over the positions of one kind, nats."""

    divergence: float
    #: Loss on the token that came, of the student and of the dense decoder.
    loss: float
    dense_loss: float


def held_out_texts(texts: Texts, tokens: int, count: int, first_distant: int) -> list[Text]:
    """Copying texts from all over the held-out part, and one with questions; the same for every run."""
    draw = random.Random(0)
    stride = len(texts.held.prose) // count
    tokens = min(tokens, stride)
    held = [
        copying_text(texts.begin, texts.held.prose[i * stride : i * stride + tokens], tokens, draw, first_distant)
        for i in range(count)
    ]
    for ids, start in texts.held.questions[:1]:
        held.append(Text(ids, {"answers": list(range(max(start, first_distant), len(ids) - 1))}))
    return [
        Text(text.ids, {kind: positions[:: 2 if kind == "prose" else 1] for kind, positions in text.positions.items()})
        for text in held
    ]


class Judge:
    """Compares students with the dense decoder on the same texts; reads these densely once."""

    def __init__(self, texts: list[Text]):
        self._texts = texts
        self._dense: list[torch.Tensor] = []

    @torch.no_grad()
    def judge(self, student: Student) -> dict[str, Judged]:
        """By kind of position."""
        decoder = student.decoder
        sums: dict[str, torch.Tensor] = {}
        for index, text in enumerate(self._texts):
            ids = torch.tensor(text.ids)
            if index == len(self._dense):
                self._dense.append(decoder(ids))
            dense, shared = self._dense[index], student.hidden(ids)
            for kind, positions in text.positions.items():
                for rows in torch.tensor(positions).split(ROWS):
                    teacher, found, next_ids = decoder.logits(dense[rows]), decoder.logits(shared[rows]), ids[rows + 1]
                    figures = torch.tensor(
                        [
                            divergence(teacher, found).sum(),
                            functional.cross_entropy(found, next_ids, reduction="sum"),
                            functional.cross_entropy(teacher, next_ids, reduction="sum"),
                            len(rows),
                        ],
                        dtype=torch.float64,
                    )
                    sums[kind] = sums.get(kind, torch.zeros(4, dtype=torch.float64)) + figures
        return {kind: Judged(*(of[:3] / of[3]).tolist()) for kind, of in sums.items()}


def score(judged: dict[str, Judged]) -> float:
    """The smaller the better: what prose diverges and what copying loses, each by its goal."""
    prose, copy = judged["prose"], judged["copy"]
    lost = max(0.0, copy.loss - copy.dense_loss)
    return max(prose.divergence, prose.loss - prose.dense_loss) / PROSE_GOAL_NATS + lost / COPY_GOAL_NATS
