"""The decoder of a GGUF file as a frozen module, dense or under a plan, with or without an adapter."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as functional

from .adapter import Adapter
from .model_file import ModelDescription, ModelFile
from .shared_attention import Leader, dense_attention, following_attention
from .sharing import Sharing

LAYER_TENSORS = (
    "attn_norm.weight",
    "attn_q.weight",
    "attn_k.weight",
    "attn_v.weight",
    "attn_output.weight",
    "ffn_norm.weight",
    "ffn_gate.weight",
    "ffn_up.weight",
    "ffn_down.weight",
)
LAYER_BIASES = ("attn_q.bias", "attn_k.bias", "attn_v.bias")


class Decoder(torch.nn.Module):
    """Computes what `src/engine/reference` writes down, for the architectures llama and qwen2.

    Weights are frozen. Matrices are kept, and linear layers computed, in `dtype`, as is the attention of heads that
    follow nobody (its logits and sums are float32 in any case); all else is float32.
    """

    def __init__(self, file: ModelFile, dtype: torch.dtype = torch.float32):
        super().__init__()
        self.description: ModelDescription = file.description
        self.dtype = dtype
        names = ["token_embd.weight", "output_norm.weight"]
        names += ["output.weight"] if file.has("output.weight") else []
        for layer in range(self.description.layers):
            names += [f"blk.{layer}.{tensor}" for tensor in LAYER_TENSORS]
            names += [f"blk.{layer}.{bias}" for bias in LAYER_BIASES if file.has(f"blk.{layer}.{bias}")]
        self._head = "output.weight" if file.has("output.weight") else "token_embd.weight"
        self._weights: dict[str, torch.Tensor] = {}
        for name in names:
            weight = file.tensor(name)
            in_layers = weight.dim() == 2 and name.startswith("blk.")
            self._weights[name] = weight.to(dtype) if in_layers else weight

    def forward(
        self,
        ids: torch.Tensor,
        sharing: Sharing | None = None,
        adapter: Adapter | None = None,
        tap: Callable[[torch.Tensor, torch.Tensor], None] | None = None,
    ) -> torch.Tensor:
        """The last hidden states of one text, normalised, `[tokens, hiddenSize]`; `logits` makes predictions of them.

        tap: is given queries `[heads, tokens, headDim]` and keys `[kvHeads, tokens, headDim]` of each layer, after RoPE.
        """
        stream = self._weights["token_embd.weight"][ids]
        turns = self._turns(len(ids))
        leaders: dict[int, Leader] = {}
        for layer in range(self.description.layers):
            stream = stream + self._attend(layer, stream, turns, leaders, sharing, adapter, tap)
            stream = stream + self._mlp(layer, stream)
        return self._norm(stream, "output_norm.weight")

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """`[rows, vocabSize]` of `[rows, hiddenSize]`: the prediction after each of these tokens."""
        return functional.linear(hidden, self._weights[self._head])

    def _attend(self, layer, stream, turns, leaders, sharing, adapter, tap):
        description = self.description
        tokens, head_dim, kv_heads = len(stream), description.head_dim, description.kv_heads
        normed = self._norm(stream, f"blk.{layer}.attn_norm.weight")
        heads = lambda name: (  # noqa: E731
            self._linear(normed, f"blk.{layer}.{name}", adapter).float().view(tokens, -1, head_dim).transpose(0, 1)
        )
        queries, keys, values = self._rotate(heads("attn_q"), turns), self._rotate(heads("attn_k"), turns), heads("attn_v")
        if tap is not None:
            tap(queries, keys)
        if sharing is not None and layer in sharing.leaders:
            leaders[layer] = Leader(queries, keys)

        grouped = queries.view(kv_heads, -1, tokens, head_dim)
        attended: dict[int, torch.Tensor] = {}
        groups = sharing.groups(layer) if sharing is not None else []
        for leader, followers, mix in groups:
            found = following_attention(
                grouped[followers],
                keys[followers],
                values[followers],
                description.query_scale,
                sharing.plan,
                leaders[leader],
                mix,
            )
            attended.update(zip(followers, found))
        own = [head for head in range(kv_heads) if head not in attended]
        if own:
            of_own, own_keys, own_values = (of[own].to(self.dtype) for of in (grouped, keys, values))
            found = dense_attention(of_own.flatten(0, 1), own_keys, own_values, description.query_scale).float()
            attended.update(zip(own, found.view(len(own), -1, tokens, head_dim)))
        rows = torch.cat([attended[head] for head in range(kv_heads)]).transpose(0, 1).reshape(tokens, -1)
        return self._linear(rows, f"blk.{layer}.attn_output", adapter)

    def _mlp(self, layer: int, stream: torch.Tensor) -> torch.Tensor:
        normed = self._norm(stream, f"blk.{layer}.ffn_norm.weight").to(self.dtype)
        gate = functional.linear(normed, self._weights[f"blk.{layer}.ffn_gate.weight"])
        up = functional.linear(normed, self._weights[f"blk.{layer}.ffn_up.weight"])
        return functional.linear(functional.silu(gate) * up, self._weights[f"blk.{layer}.ffn_down.weight"])

    def _linear(self, rows: torch.Tensor, name: str, adapter: Adapter | None) -> torch.Tensor:
        rows = rows.to(self.dtype)
        bias = self._weights.get(f"{name}.bias")
        found = functional.linear(rows, self._weights[f"{name}.weight"], None if bias is None else bias.to(self.dtype))
        return found if adapter is None else found + adapter(f"{name}.weight", rows)

    def _norm(self, rows: torch.Tensor, name: str) -> torch.Tensor:
        weight = self._weights[name]
        return functional.rms_norm(rows, (rows.shape[-1],), weight, self.description.norm_eps)

    def _turns(self, tokens: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosines and sines, `[tokens, ropeDims / 2]` each (arXiv 2104.09864, equation 34)."""
        dims = self.description.rope_dims
        frequencies = self.description.rope_base ** (-torch.arange(0, dims, 2, dtype=torch.float64) / dims)
        angles = torch.arange(tokens, dtype=torch.float64).unsqueeze(1) * frequencies
        return angles.cos().float(), angles.sin().float()

    def _rotate(self, heads: torch.Tensor, turns: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        cos, sin = turns
        dims = self.description.rope_dims
        turned, rest = heads[..., :dims], heads[..., dims:]
        if self.description.rope_interleaved:
            first, second = turned[..., 0::2], turned[..., 1::2]
        else:
            first, second = turned[..., : dims // 2], turned[..., dims // 2 :]
        pair = (first * cos - second * sin, first * sin + second * cos)
        found = torch.stack(pair, -1).flatten(-2) if self.description.rope_interleaved else torch.cat(pair, -1)
        return torch.cat([found, rest], -1) if rest.shape[-1] else found
