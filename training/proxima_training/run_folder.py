"""The folder of a run: its settings, its log, and where it stands, so that it can be stopped at any time."""

from __future__ import annotations

import json
import os
from pathlib import Path

import torch


class RunFolder:
    """`settings.json`, `log.jsonl` and `state.pt` of one run."""

    def __init__(self, path: str | Path, settings: dict):
        """Begins a run, or opens one that was begun with the same settings.

        Raises ValueError for a folder that holds a run with other settings.
        """
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)
        written = self.path / "settings.json"
        if written.exists():
            before = json.loads(written.read_text(encoding="utf-8"))
            differing = sorted(key for key in before.keys() | settings.keys() if before.get(key) != settings.get(key))
            if differing:
                raise ValueError(f"{path} holds a run with another {', '.join(differing)}; choose another folder")
        else:
            written.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")

    @property
    def log_path(self) -> Path:
        return self.path / "log.jsonl"

    def load(self) -> dict | None:
        """The last state that was saved; lines of the log behind it are of steps that will be done again, and go."""
        path = self.path / "state.pt"
        if not path.exists():
            self.log_path.unlink(missing_ok=True)
            return None
        state = torch.load(path, weights_only=True)
        kept = [line for line in read_log(self.log_path) if line["step"] <= state["step"]]
        _replace(self.log_path, "".join(f"{json.dumps(line)}\n" for line in kept).encode())
        return state

    def save(self, state: dict) -> None:
        """Writes the state beside its place first, so that it is whole or the one before."""
        torch.save(state, self.path / "state.pt.part")
        os.replace(self.path / "state.pt.part", self.path / "state.pt")

    def log(self, line: dict) -> None:
        with self.log_path.open("a", encoding="utf-8") as log:
            log.write(f"{json.dumps(line)}\n")


def read_log(path: str | Path) -> list[dict]:
    """Lines of a log; a last line that was cut when the run was killed is left out."""
    lines = []
    for line in Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []:
        try:
            lines.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return lines


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
