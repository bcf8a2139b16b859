"""Plan files of `resources/plans`: which heads follow which layer's logits on distant tokens."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True)
class Follower:
    """A KV head whose query heads take their distant logits from a lower layer."""

    leader: int
    #: `[query heads of the KV head][heads of the leader + 1]`: weights of the leader's logits, and a bias.
    mix: list[list[float]]


@dataclass(frozen=True)
class Plan:
    """What of a plan shapes the computation when nothing is rounded."""

    sink_tokens: int
    window_tokens: int
    chunk_tokens: int
    #: Texts of up to so many tokens are near as a whole.
    whole_tokens: int
    #: `[layers][kvHeads]`: None for a head that keeps its own keys.
    layers: tuple[tuple[Follower | None, ...], ...]
    #: Tokens become distant in whole pages of so many: 1 where the plan selects none.
    page_tokens: int = 1

    def distant_end(self, position: int) -> int:
        """Tokens from `sink_tokens` up to this one are distant for the query at `position`.

        All queries of a block share one distant set: see `distantRange` of the engine.
        """
        block_start = position - position % self.chunk_tokens
        if block_start < self.whole_tokens:
            return self.sink_tokens
        older = max(0, block_start - self.window_tokens - self.sink_tokens)
        return self.sink_tokens + older - older % self.page_tokens

    @property
    def keys_dropped(self) -> float:
        """Share of the distant keys that no layer keeps, 0 to 1."""
        heads = [head for layer in self.layers for head in layer]
        return sum(head is not None for head in heads) / len(heads)


def read_document(path: str | Path) -> dict:
    """The whole plan file, `{made, model, plan, matrices}`."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def plan_of(document: dict) -> Plan:
    """The plan of a plan file.

    How many pages a plan selects concerns written tokens alone: texts are read here, and reading looks at all of them.
    Raises ValueError for a plan that shares anything but logits.
    """
    plan = document["plan"]
    if plan["share"] != "logits":
        raise ValueError(f"the plan {plan['id']} does not share logits")
    return Plan(
        sink_tokens=plan["sinkTokens"],
        window_tokens=plan["windowTokens"],
        chunk_tokens=plan["chunkTokens"],
        whole_tokens=plan.get("wholeTokens", 0),
        layers=tuple(
            tuple(
                Follower(head["leader"], head["mix"]) if head["kind"] == "follower" else None
                for head in layer["kvHeads"]
            )
            for layer in plan["layers"]
        ),
        page_tokens=plan.get("select", {}).get("pageTokens", 1),
    )


def plan_id(plan: dict) -> str:
    """Names a plan by its policy and a digest of all it says but its name, as the engine does."""
    rest = {name: value for name, value in plan.items() if name != "id"}
    digest = hashlib.sha256(_compact(rest).encode()).hexdigest()
    return f"{plan['policy']}-{digest[:12]}"


def format_document(document: dict) -> str:
    """Lays a plan file out as the engine does: a line for each field, layer and row."""
    return f"{_lay_out(document, '')}\n"


def _lay_out(value, indent: str) -> str:
    within = f"{indent}  "
    if isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        return "[\n" + ",\n".join(within + _compact(item) for item in value) + f"\n{indent}]"
    if not isinstance(value, dict):
        return _compact(value)
    lines = [f"{within}{_compact(name)}: {_lay_out(field, within)}" for name, field in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _compact(value) -> str:
    """As `JSON.stringify` writes it, down to the numbers: the id is a digest of these characters."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_compact(name)}:{_compact(field)}" for name, field in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_compact, value)) + "]"
    return _number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """The shortest decimal, as both languages find it; JavaScript begins to write exponents below 1e-6."""
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    shortest = repr(value)
    if "e" not in shortest:
        return shortest
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(shortest), "f")
    mantissa, exponent = shortest.split("e")
    return f"{mantissa}e{int(exponent):+d}"
