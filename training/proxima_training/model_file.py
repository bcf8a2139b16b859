"""Reads a decoder out of a GGUF file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import torch


@dataclass(frozen=True)
class ModelDescription:
    """What shapes the computation of a decoder; the fields mean what `src/engine/model` says of them."""

    architecture: str
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    hidden_size: int
    vocab_size: int
    rope_base: float
    rope_dims: int
    #: Rotary pairs are neighbours `(2i, 2i + 1)`: a GGUF keeps the q and k rows of llama in that order.
    rope_interleaved: bool
    norm_eps: float

    @property
    def group_size(self) -> int:
        """Query heads of one KV head."""
        return self.heads // self.kv_heads

    @property
    def query_scale(self) -> float:
        """Products of queries and keys are multiplied by this."""
        return self.head_dim**-0.5


class UnsupportedModel(Exception):
    """A model file that holds something this decoder does not compute."""


class ModelFile:
    """An open GGUF file; tensors are dequantised one by one as they are asked for."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        reader = gguf.GGUFReader(str(path))
        self._fields = {name: field for name, field in reader.fields.items()}
        self._tensors = {tensor.name: tensor for tensor in reader.tensors}
        self.description = self._describe()

    def has(self, name: str) -> bool:
        return name in self._tensors

    def tensor(self, name: str) -> torch.Tensor:
        """`[rows, columns]` or `[rows]` float32, rows in the order of the file."""
        tensor = self._tensors[name]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        shape = [int(size) for size in reversed(tensor.shape)]
        return torch.from_numpy(np.array(values, dtype=np.float32)).reshape(shape)

    def fingerprint(self) -> str:
        """Tells models apart, as `sampledModelDigest` of the engine does: file size, header, and the ends of each tensor."""
        content = np.memmap(self.path, dtype=np.uint8, mode="r")
        digest = hashlib.sha256(f"{len(content)}\n".encode())
        tensors = self._tensors.values()
        digest.update(content[: min(int(tensor.data_offset) for tensor in tensors)])
        for tensor in tensors:
            rows = int(tensor.n_elements) // int(tensor.shape[0])
            row_bytes = int(tensor.n_bytes) // rows
            for row in sorted({0, rows - 1}):
                start = int(tensor.data_offset) + row * row_bytes
                digest.update(content[start : start + row_bytes])
        return digest.hexdigest()

    def _describe(self) -> ModelDescription:
        architecture = self._value("general.architecture")
        if architecture not in ("llama", "qwen2"):
            raise UnsupportedModel(f"{self.path.name} is a {architecture}; llama and qwen2 can be trained")
        if self.has("rope_freqs.weight") or self._value(f"{architecture}.rope.scaling.type", "none") != "none":
            raise UnsupportedModel(f"{self.path.name} stretches its rotary positions, which is not computed here")
        value = lambda key, otherwise=None: self._value(f"{architecture}.{key}", otherwise)  # noqa: E731
        hidden, heads = value("embedding_length"), value("attention.head_count")
        head_dim = value("attention.key_length", hidden // heads)
        return ModelDescription(
            architecture=architecture,
            layers=value("block_count"),
            heads=heads,
            kv_heads=value("attention.head_count_kv", heads),
            head_dim=head_dim,
            hidden_size=hidden,
            vocab_size=int(self._tensors["token_embd.weight"].shape[1]),
            rope_base=value("rope.freq_base", 10_000.0),
            rope_dims=value("rope.dimension_count", head_dim),
            rope_interleaved=architecture == "llama",
            norm_eps=value("attention.layer_norm_rms_epsilon"),
        )

    def _value(self, key: str, otherwise=None):
        if key in self._fields:
            return self._fields[key].contents()
        if otherwise is None:
            raise UnsupportedModel(f"{self.path.name} does not say its {key}")
        return otherwise
