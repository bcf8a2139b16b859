"""Attention whose followers take distant logits from a leader (arXiv 2412.02252, section 3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as functional

from .plan import Plan

#: Queries that are computed together: fewer waste less on keys that are still to come, more make larger products.
SPAN_TOKENS = 256


@dataclass(frozen=True)
class Leader:
    """What followers need of the layer they follow."""

    #: After RoPE, `[heads, tokens, headDim]`.
    queries: torch.Tensor
    #: After RoPE, `[kvHeads, tokens, headDim]`.
    keys: torch.Tensor


def dense_attention(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scale: float) -> torch.Tensor:
    """Causal attention of each query head over the keys of its KV head, all of one type of number.

    queries `[heads, tokens, headDim]`, keys and values `[kvHeads, tokens, headDim]`; returns as queries.
    """
    group_size = queries.shape[0] // keys.shape[0]
    keys, values = (rows.repeat_interleave(group_size, 0).unsqueeze(0) for rows in (keys, values))
    attended = functional.scaled_dot_product_attention(queries.unsqueeze(0), keys, values, is_causal=True, scale=scale)
    return attended.squeeze(0)


def following_attention(
    queries: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    scale: float,
    plan: Plan,
    leader: Leader,
    mix: torch.Tensor,
) -> torch.Tensor:
    """Attention of some KV heads that all follow one leader.

    One softmax over own logits for near tokens and, for distant ones, `sum(mix[head] * leader's logits) + bias`.
    A mix of the leader's logits is a product of mixed queries with all of the leader's keys side by side,
    so no logits of the leader need to be kept.

    queries `[followers, groupSize, tokens, headDim]`, keys and values `[followers, tokens, headDim]`,
    mix `[followers, groupSize, leader's heads + 1]`; returns as queries.
    """
    followers, group_size, tokens, head_dim = queries.shape
    kv_heads = leader.keys.shape[0]
    weights = mix[..., :-1].reshape(followers, group_size, kv_heads, -1)
    leading = leader.queries.reshape(kv_heads, -1, tokens, head_dim)
    mixed_queries = torch.einsum("fgkh,khnd->fgnkd", weights, leading).flatten(-2) * scale
    mixed_keys = leader.keys.permute(1, 0, 2).flatten(-2)
    bias = mix[..., -1:].unsqueeze(-1)
    queries = queries * scale

    spans = []
    # Splits are undone by one concatenation on the way back; slices would each fill a whole tensor.
    pieces = zip(queries.split(SPAN_TOKENS, 2), mixed_queries.split(SPAN_TOKENS, 2), strict=True)
    for start, (near_queries, far_queries) in zip(range(0, tokens, SPAN_TOKENS), pieces, strict=True):
        end = min(tokens, start + SPAN_TOKENS)
        sinks = min(plan.sink_tokens, end)
        ends = torch.tensor([plan.distant_end(position) for position in range(start, end)])
        first_end, last_end = min(int(ends[0]), end), min(int(ends[-1]), end)
        own = _products(near_queries, keys[:, first_end:end])
        own = own.masked_fill(_later(start, end, first_end, end), -torch.inf)
        near = _products(near_queries, keys[:, :sinks])
        if start < sinks:
            near = near.masked_fill(_later(start, end, 0, sinks), -torch.inf)
        if last_end > sinks:
            distant = far_queries @ mixed_keys[sinks:last_end].T + bias
            turning = last_end - first_end
            is_distant = torch.arange(first_end, last_end) < ends.unsqueeze(1)
            between = torch.where(is_distant, distant[..., distant.shape[-1] - turning :], own[..., :turning])
            far = distant[..., : distant.shape[-1] - turning]
            own = torch.cat([near, far, between, own[..., turning:]], -1)
        else:
            own = torch.cat([near, own], -1)
        probabilities = own.softmax(-1).reshape(followers, -1, end)
        spans.append((probabilities @ values[:, :end]).reshape(followers, group_size, end - start, head_dim))
    return torch.cat(spans, 2)


def _later(start: int, end: int, first: int, last: int) -> torch.Tensor:
    """Which keys `[first, last)` lie behind which queries `[start, end)`."""
    return torch.arange(first, last) > torch.arange(start, end).unsqueeze(1)


def _products(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """`[followers, groupSize, rows, headDim]` by `[followers, columns, headDim]`, as one product for each KV head."""
    followers, group_size, rows, _ = queries.shape
    products = queries.reshape(followers, group_size * rows, -1) @ keys.transpose(1, 2)
    return products.reshape(followers, group_size, rows, -1)
