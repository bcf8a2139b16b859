"""The engine's own predictions, for tests: they are skipped where what they need is missing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch

from proxima_training import engine

REPOSITORY = engine.REPOSITORY
MODEL_FILES = {"quick": "SmolLM2-135M-Instruct.Q4_1.gguf", "default": "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"}


def node() -> str:
    """The Node that runs the engine; skips the test where there is none, or nothing is installed."""
    try:
        return engine.node()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))


def model_path(name: str) -> Path:
    """Where the product keeps its models on Linux, or `PROXIMA_MODELS`; skips the test where the file is not."""
    data = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "proxima"
    home = Path(os.environ.get("PROXIMA_HOME", data))
    path = Path(os.environ.get("PROXIMA_MODELS", home / "models")) / MODEL_FILES[name]
    if not path.exists():
        pytest.skip(f"no weights: {path.name} is not in the models folder")
    return path


def engine_logits(folder: Path, model: Path, ids: list[int], document: dict | None = None, **options) -> torch.Tensor:
    """`[tokens, vocabSize]` by the engine's float32 graphs, dense or under the plan of a document."""
    plan = None
    if document is not None:
        plan = folder / "plan.json"
        plan.write_text(json.dumps(document))
    node()
    return engine.engine_logits(folder, model, ids, plan, **options)
