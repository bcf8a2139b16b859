"""Low-rank updates of the attention projections (arXiv 2106.09685, section 4.1)."""

from __future__ import annotations

import torch
import torch.nn.functional as functional

from .model_file import ModelFile

PROJECTIONS = ("attn_q", "attn_k", "attn_v", "attn_output")


class Adapter(torch.nn.Module):
    """`W' = W + up @ down` for every attention projection, rows as the GGUF has them; changes nothing at first."""

    def __init__(self, file: ModelFile, rank: int, seed: int = 0):
        super().__init__()
        self.rank = rank
        self.down = torch.nn.ParameterDict()
        self.up = torch.nn.ParameterDict()
        generator = torch.Generator().manual_seed(seed)
        for layer in range(file.description.layers):
            for projection in PROJECTIONS:
                name = f"blk.{layer}.{projection}.weight"
                rows, columns = file.tensor(name).shape
                down = torch.randn(rank, columns, generator=generator) * columns**-0.5
                self.down[_key(name)] = torch.nn.Parameter(down)
                self.up[_key(name)] = torch.nn.Parameter(torch.zeros(rows, rank))

    @classmethod
    def of(cls, file: ModelFile, tensors: dict[str, torch.Tensor]) -> Adapter:
        """What an adapter file holds, by its names."""
        rank = next(len(of) for name, of in tensors.items() if name.endswith(".down"))
        adapter = cls(file, rank)
        with torch.no_grad():
            for key in adapter.down:
                adapter.down[key].copy_(tensors[f"{_name(key)}.down"])
                adapter.up[key].copy_(tensors[f"{_name(key)}.up"])
        return adapter

    def forward(self, name: str, rows: torch.Tensor) -> torch.Tensor:
        """`up @ down @ rows` for the tensor of this name, in the type of the rows."""
        down, up = (of[_key(name)].to(rows.dtype) for of in (self.down, self.up))
        return functional.linear(functional.linear(rows, down), up)

    def tensors(self) -> dict[str, torch.Tensor]:
        """By the names of the adapter file: `NAME.down` `[rank, columns]` and `NAME.up` `[rows, rank]`."""
        named = {}
        for key in self.down:
            named[f"{_name(key)}.down"] = self.down[key].detach()
            named[f"{_name(key)}.up"] = self.up[key].detach()
        return named


# Names of parameters cannot hold dots.
def _key(name: str) -> str:
    return name.replace(".", "/")


def _name(key: str) -> str:
    return key.replace("/", ".")
