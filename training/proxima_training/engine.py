"""The engine's own predictions, through `scripts/engineLogits.ts`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import torch

REPOSITORY = Path(__file__).parents[2]


def node() -> str:
    """The Node of the project, else the system's.

    Raises FileNotFoundError where there is none, or nothing is installed.
    """
    if not (REPOSITORY / "node_modules").exists():
        raise FileNotFoundError("the engine is not installed: npm ci")
    own = REPOSITORY / "node_modules" / ".bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        raise FileNotFoundError("Node is not installed")
    return found


def engine_logits(
    folder: Path,
    model: Path,
    ids: list[int],
    plan: Path | None = None,
    *,
    last: int | None = None,
    rounded: bool = False,
) -> torch.Tensor:
    """`[last or tokens, vocabSize]` float32, dense or under a plan file and its adapter.

    folder: for files on the way. rounded: by the graphs of the product, activations in 8 bits; else float32.
    """
    (folder / "ids.json").write_text(json.dumps(ids))
    command = [node(), "scripts/engineLogits.ts", "--gguf", model, "--ids", folder / "ids.json"]
    if plan is not None:
        command += ["--plan", plan]
    if last is not None:
        command += ["--last", str(last)]
    if rounded:
        command += ["--rounded"]
    command += ["--out", folder / "logits.f32"]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    return torch.from_numpy(np.fromfile(folder / "logits.f32", dtype=np.float32)).view(last or len(ids), -1)
