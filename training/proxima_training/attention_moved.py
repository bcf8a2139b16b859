"""Computes anew what `explore` says of a plan: how much attention its mixes move, on the same queries.

Run: python -m proxima_training.attention_moved --explored FILE --plan FILE
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import torch

from .decoder import Decoder
from .model_file import ModelFile
from .plan import Plan, plan_of, read_document
from .shared_attention import Leader


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--explored", required=True, help="what scripts/exploredTexts.ts wrote")
    parser.add_argument("--plan", required=True, help="the plan file")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    document = read_document(options.plan)
    found = attention_moved(json.loads(Path(options.explored).read_text(encoding="utf-8")), plan_of(document))
    stated = document["matrices"]["chosen"]["attentionMoved"]
    for kind, moved in found.items():
        print(f"{kind}: {moved:.4f}, and {stated[kind]} in the plan's file")


@torch.no_grad()
def attention_moved(explored: dict, plan: Plan) -> dict[str, float]:
    """Total variation between attention with own and with mixed distant logits, by kind of query.

    Mean over all KV heads of the model, those that follow nobody counting 0, of the mean over their query heads:
    as `pairError` of the engine says, but over all distant keys, where that looks at a sample of them.
    """
    boundary = explored["boundary"]
    plan = dataclasses.replace(
        plan,
        sink_tokens=boundary["sinkTokens"],
        window_tokens=boundary["windowTokens"],
        chunk_tokens=boundary["chunkTokens"],
        whole_tokens=0,
        page_tokens=1,
    )
    decoder = Decoder(ModelFile(explored["gguf"]))
    sums: dict[str, float] = {}
    counts: dict[str, int] = {}
    for sequence in explored["sequences"]:
        layers: list[Leader] = []
        decoder(torch.tensor(sequence["ids"]), tap=lambda queries, keys: layers.append(Leader(queries, keys)))  # noqa: B023
        for query in sequence["queries"]:
            moved = _moved(layers, plan, decoder.description.query_scale, query["position"])
            sums[query["kind"]] = sums.get(query["kind"], 0.0) + moved
            counts[query["kind"]] = counts.get(query["kind"], 0) + 1
    return {kind: sums[kind] / counts[kind] for kind in sums}


def _moved(layers: list[Leader], plan: Plan, scale: float, position: int) -> float:
    """Of one query: mean over all KV heads of the model."""
    first, end = plan.sink_tokens, plan.distant_end(position)
    moved = 0.0
    for layer, heads in enumerate(plan.layers):
        for kv_head, follower in enumerate(heads):
            if follower is None:
                continue
            mix = torch.tensor(follower.mix)
            leading = _logits(layers[follower.leader], scale, position)
            own = _logits(layers[layer], scale, position).view(len(heads), -1, position + 1)[kv_head]
            mixed = own.clone()
            mixed[:, first:end] = mix[:, :-1] @ leading[:, first:end] + mix[:, -1:]
            difference = own.softmax(-1) - mixed.softmax(-1)
            far = difference[:, first:end]
            # Near keys keep their own logits, so they count as one.
            near = difference.sum(-1) - far.sum(-1)
            moved += ((far.abs().sum(-1) + near.abs()) / 2).mean().item()
    return moved / sum(len(heads) for heads in plan.layers)


def _logits(layer: Leader, scale: float, position: int) -> torch.Tensor:
    """Logits of all heads of a layer for one query, `[heads, position + 1]`."""
    keys = layer.keys[:, : position + 1]
    queries = layer.queries[:, position].view(len(keys), -1, keys.shape[-1])
    return (queries @ keys.transpose(1, 2) * scale).flatten(0, 1)


if __name__ == "__main__":
    main()
