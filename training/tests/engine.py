"""The engine's own predictions, through `scripts/engineLogits.ts`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

REPOSITORY = Path(__file__).parents[2]
MODEL_FILES = {"quick": "SmolLM2-135M-Instruct.Q4_1.gguf", "default": "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"}


def node() -> str:
    """The Node of the project, else the system's; skips the test where there is none, or nothing is installed."""
    if not (REPOSITORY / "node_modules").exists():
        pytest.skip("the engine is not installed: npm ci")
    own = REPOSITORY / "node_modules" / ".bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed")
    return found


def model_path(name: str) -> Path:
    """Where the product keeps its models on Linux, or `PROXIMA_MODELS`; skips the test where the file is not."""
    data = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "proxima"
    home = Path(os.environ.get("PROXIMA_HOME", data))
    path = Path(os.environ.get("PROXIMA_MODELS", home / "models")) / MODEL_FILES[name]
    if not path.exists():
        pytest.skip(f"no weights: {path.name} is not in the models folder")
    return path


def engine_logits(folder: Path, model: Path, ids: list[int], document: dict | None = None) -> torch.Tensor:
    """`[tokens, vocabSize]` by the engine's float32 graphs, dense or under the plan of a document."""
    (folder / "ids.json").write_text(json.dumps(ids))
    command = [node(), "scripts/engineLogits.ts", "--gguf", model, "--ids", folder / "ids.json"]
    if document is not None:
        (folder / "plan.json").write_text(json.dumps(document))
        command += ["--plan", folder / "plan.json"]
    command += ["--out", folder / "logits.f32"]
    subprocess.run(command, cwd=REPOSITORY, check=True)
    return torch.from_numpy(np.fromfile(folder / "logits.f32", dtype=np.float32)).view(len(ids), -1)
