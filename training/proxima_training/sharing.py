"""The mixes of a plan, as parameters."""

from __future__ import annotations

import torch

from .plan import Follower, Plan


class Sharing(torch.nn.Module):
    """The mixes of a plan: one parameter `[followers, groupSize, heads + 1]` for each layer and leader."""

    def __init__(self, plan: Plan):
        super().__init__()
        self.plan = plan
        self.mixes = torch.nn.ParameterDict()
        self._groups: dict[int, list[tuple[int, list[int], str]]] = {}
        for layer, heads in enumerate(plan.layers):
            for leader in sorted({head.leader for head in heads if head is not None}):
                followers = [kv for kv, head in enumerate(heads) if head is not None and head.leader == leader]
                name = f"{layer}-{leader}"
                self.mixes[name] = torch.nn.Parameter(torch.tensor([heads[kv].mix for kv in followers]))
                self._groups.setdefault(layer, []).append((leader, followers, name))
        self.leaders = {leader for groups in self._groups.values() for leader, _, _ in groups}

    def groups(self, layer: int) -> list[tuple[int, list[int], torch.Tensor]]:
        """`(leader, KV heads that follow it, their mix)` of a layer."""
        return [(leader, followers, self.mixes[name]) for leader, followers, name in self._groups.get(layer, [])]

    def followers(self) -> dict[tuple[int, int], Follower]:
        """The mixes as they stand, by layer and KV head."""
        return {
            (layer, kv_head): Follower(leader, rows)
            for layer in self._groups
            for leader, followers, mix in self.groups(layer)
            for kv_head, rows in zip(followers, mix.detach().tolist())
        }
