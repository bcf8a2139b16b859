"""What is read in training: running text that says passages again, and texts with questions about them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

#: Tokens of a repeated passage, and those after which it is clear that it is repeated.
PASSAGE_TOKENS = 160
LEAD_TOKENS = 16
#: How far back a passage stood at least, where the text is long enough for that.
NEAREST_REPEAT = 700
#: One step of so many reads a text with questions.
QUESTIONS_EVERY = 3


@dataclass(frozen=True)
class Text:
    """A text, and the positions whose next token is scored, by kind."""

    ids: list[int]
    #: Ascending; the prediction *after* each of these positions counts.
    positions: dict[str, list[int]]


@dataclass(frozen=True)
class Part:
    """A stretch of a book: to train on, or to judge by."""

    prose: list[int]
    #: `(ids, where the first question begins)`
    questions: list[tuple[list[int], int]]


@dataclass(frozen=True)
class Texts:
    """What `scripts/trainingTexts.ts` wrote."""

    model: str
    gguf: str
    #: Tokens that every text begins with.
    begin: list[int]
    train: Part
    held: Part


def read_texts(path: str | Path) -> Texts:
    written = json.loads(Path(path).read_text(encoding="utf-8"))
    part = lambda of: Part(of["prose"], [(asked["ids"], asked["from"]) for asked in of["questions"]])  # noqa: E731
    return Texts(
        written["model"],
        written["gguf"],
        written["begin"],
        part(written["train"]),
        part(written["held"]),
    )


def text_of_step(texts: Texts, seed: int, step: int, lengths: list[int], first_distant: int) -> Text:
    """The text of a step: the same whenever it is asked for, so that a run can go on where it stopped.

    lengths: one of them is drawn for running text. first_distant: the first position that has distant tokens.
    """
    draw = random.Random(f"{seed}:{step}")
    if texts.train.questions and step % QUESTIONS_EVERY == QUESTIONS_EVERY - 1:
        ids, start = draw.choice(texts.train.questions)
        answers = range(max(start, first_distant), len(ids) - 1)
        return Text(ids, {"prose": list(range(first_distant, start)), "answers": list(answers)})
    tokens = draw.choice(lengths)
    start = draw.randrange(len(texts.train.prose) - tokens)
    return copying_text(texts.begin, texts.train.prose[start : start + tokens], tokens, draw, first_distant)


def copying_text(begin: list[int], prose: list[int], tokens: int, draw: random.Random, first_distant: int) -> Text:
    """Running text in which two passages stand again, the last one at the end and far behind its first time."""
    ids = list(begin)
    used = 0
    copied: list[int] = []
    for end in (int(tokens * 0.72), tokens):
        at = end - PASSAGE_TOKENS
        needed = at - len(ids)
        ids += prose[used : used + needed]
        used += needed
        nearest = min(NEAREST_REPEAT, at // 2)
        back = draw.randint(max(PASSAGE_TOKENS, nearest), at - len(begin))
        ids += ids[at - back : at - back + PASSAGE_TOKENS]
        copied += range(at + LEAD_TOKENS - 1, end - 1)
    passages = {position for position in range(first_distant, len(ids) - 1)} - set(copied)
    return Text(ids, {"prose": sorted(passages), "copy": [at for at in copied if at >= first_distant]})
