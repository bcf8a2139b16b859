"""Distils the dense model into itself under a plan: low-rank updates of the attention, and the mixes.

Run: python -m proxima_training.train --texts FILE --plan FILE --run FOLDER --minutes 25
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import math
import random
import time
from pathlib import Path

import torch

from .adapter import Adapter
from .curve import draw_curve
from .decoder import Decoder
from .judgement import Judge, held_out_texts, score
from .model_file import ModelFile
from .objective import Student, chosen_positions, distillation_loss
from .plan import plan_of, read_document
from .run_folder import RunFolder, read_log
from .sharing import Sharing
from .texts import Texts, read_texts, text_of_step

#: A step that took this many times the shortest was held up by something else, and does not count as such.
LONGEST_STEP = 4


def main() -> None:
    options = _options()
    settings = {
        key: value for key, value in vars(options).items() if key not in ("run", "texts", "plan", "save_seconds")
    }
    document = read_document(options.plan)
    settings["plan"] = document["plan"]["id"]
    settings["texts"] = hashlib.sha256(Path(options.texts).read_bytes()).hexdigest()
    torch.set_num_threads(options.threads)
    # Products of float32 numbers may round these to bfloat16 and add up in float32.
    torch.set_float32_matmul_precision("medium" if options.dtype == "bfloat16" else "highest")

    texts = read_texts(options.texts)
    run = Run(RunFolder(options.run, settings), options, texts, document)
    run.train()


class Run:
    """A run from where it stands to the end of its time."""

    def __init__(self, folder: RunFolder, options: argparse.Namespace, texts: Texts, document: dict):
        self.folder, self.options, self.texts = folder, options, texts
        file = ModelFile(texts.gguf)
        if file.fingerprint() != document["model"]["fingerprint"]:
            raise SystemExit(f"{texts.gguf} is not the model that the plan is for")
        plan = dataclasses.replace(plan_of(document), whole_tokens=0)
        self.first_distant = plan.sink_tokens + plan.window_tokens + plan.chunk_tokens
        decoder = Decoder(file, getattr(torch, options.dtype))
        self.student = Student(decoder, Sharing(plan), Adapter(file, options.rank, options.seed))
        self.optimizer = torch.optim.AdamW(
            [
                {"params": list(self.student.adapter.parameters()), "rate": options.rate},
                {"params": list(self.student.sharing.parameters()), "rate": options.mix_rate},
            ],
            lr=0.0,
            betas=(0.9, 0.98),
            weight_decay=0.0,
        )
        self.judge = Judge(held_out_texts(texts, options.held_tokens, options.held_texts, self.first_distant))
        self.step, self.seconds, self.best = 0, 0.0, None
        self._restore(folder.load())

    def train(self) -> None:
        options = self.options
        shortest, saved = math.inf, time.monotonic()
        if self.best is None:
            self._judge()
        while self._done() < 1:
            begun = time.monotonic()
            figures = self._step(self._done())
            taken = time.monotonic() - begun
            shortest = min(shortest, taken)
            self.seconds += min(taken, LONGEST_STEP * shortest)
            self.step += 1
            self._log({"taken": round(taken, 2), **figures})
            last = self._done() >= 1
            if last or self.step % options.judge_every == 0:
                self._judge()
            if last or time.monotonic() - saved > options.save_seconds:
                self.folder.save(self._state())
                saved = time.monotonic()
        draw_curve(read_log(self.folder.log_path), self.folder.path / "curve.svg")

    def _done(self) -> float:
        """How much of the run has been done, from 0 to 1 at its end."""
        of_steps = self.step / self.options.steps if self.options.steps else 0.0
        return max(self.seconds / (self.options.minutes * 60), of_steps)

    def _step(self, done: float) -> dict:
        """One text; done: how much of the run has been done before."""
        options = self.options
        draw = random.Random(f"{options.seed}:{self.step}:positions")
        share = _rate(done, options.warmup)
        for group in self.optimizer.param_groups:
            group["lr"] = group["rate"] * share
        text = text_of_step(self.texts, options.seed, self.step, options.lengths, self.first_distant)
        positions = chosen_positions(text, options.positions, draw)
        loss, means = distillation_loss(self.student, text, positions)
        self.optimizer.zero_grad()
        loss.backward()
        parameters = [parameter for group in self.optimizer.param_groups for parameter in group["params"]]
        norm = torch.nn.utils.clip_grad_norm_(parameters, options.clip)
        if torch.isfinite(norm):
            self.optimizer.step()
        return {
            "tokens": len(text.ids),
            "loss": round(loss.item(), 5),
            **{kind: round(mean, 5) for kind, mean in means.items()},
            "norm": round(norm.item(), 4),
            "rate": share * options.rate,
        }

    def _judge(self) -> None:
        judged = self.judge.judge(self.student)
        found = score(judged)
        if self.best is None or found < self.best["score"]:
            self.best = {"score": found, "step": self.step, **self._learnt()}
        self._log({"score": round(found, 4), "held": {kind: dataclasses.asdict(of) for kind, of in judged.items()}})
        draw_curve(read_log(self.folder.log_path), self.folder.path / "curve.svg")

    def _log(self, figures: dict) -> None:
        line = {"step": self.step, "seconds": round(self.seconds, 1), **figures}
        self.folder.log(line)
        print(json.dumps(line), flush=True)

    def _learnt(self) -> dict:
        copy = lambda module: {name: of.detach().clone() for name, of in module.state_dict().items()}  # noqa: E731
        return {"adapter": copy(self.student.adapter), "sharing": copy(self.student.sharing)}

    def _state(self) -> dict:
        return {
            "step": self.step,
            "seconds": self.seconds,
            "best": self.best,
            "optimizer": self.optimizer.state_dict(),
            **self._learnt(),
        }

    def _restore(self, state: dict | None) -> None:
        if state is None:
            return
        self.step, self.seconds, self.best = state["step"], state["seconds"], state["best"]
        self.student.adapter.load_state_dict(state["adapter"])
        self.student.sharing.load_state_dict(state["sharing"])
        self.optimizer.load_state_dict(state["optimizer"])


def _rate(done: float, warmup: float) -> float:
    """Share of the learning rate: up in a line, then down by a cosine. warmup: share of the run."""
    if done < warmup:
        return (done + 0.1 * warmup) / (1.1 * warmup)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - warmup) / (1 - warmup))))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--texts", required=True, help="what scripts/trainingTexts.ts wrote")
    parser.add_argument("--plan", required=True, help="the plan file to begin with")
    parser.add_argument("--run", required=True, help="folder of the run; a run that stopped there goes on")
    parser.add_argument("--minutes", type=float, default=25, help="time to train for, pauses left out")
    parser.add_argument("--steps", type=int, help="end after so many steps, if that is earlier")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate of the low-rank updates")
    parser.add_argument("--mix-rate", type=float, default=2e-3, help="learning rate of the mixes")
    parser.add_argument("--warmup", type=float, default=0.05, help="share of the run")
    parser.add_argument("--clip", type=float, default=1.0, help="largest norm of a gradient")
    parser.add_argument("--lengths", type=int, nargs="+", default=[1024, 1280, 1536, 2048], help="tokens of a text")
    parser.add_argument("--positions", type=int, default=224, help="scored positions of each kind, at most")
    parser.add_argument("--held-texts", type=int, default=3, help="copying texts to judge by")
    parser.add_argument("--held-tokens", type=int, default=2048)
    parser.add_argument("--judge-every", type=int, default=25, help="steps")
    parser.add_argument("--save-seconds", type=float, default=60)
    parser.add_argument("--dtype", choices=["bfloat16", "float32"], default="bfloat16")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
