import json
import os
from pathlib import Path

import pytest
import torch
from engine import REPOSITORY
from tiny_model import HEADS, KV_HEADS, tiny_plan_document, write_tiny_model

from proxima_training.attention_moved import attention_moved
from proxima_training.decoder import Decoder
from proxima_training.model_file import ModelFile
from proxima_training.plan import plan_of, read_document

BOUNDARY = {"sinkTokens": 4, "windowTokens": 48, "chunkTokens": 32}


def test_a_mix_that_sees_nothing_moves_all_distant_attention(tmp_path):
    path = write_tiny_model(tmp_path / "tiny.gguf", "llama")
    document = tiny_plan_document()
    for layer in document["plan"]["layers"]:
        for head in layer["kvHeads"]:
            if head["kind"] == "follower":
                head["mix"] = [[0.0] * HEADS + [-1e4]] * (HEADS // KV_HEADS)
    ids, position = list(range(3, 203)), 170
    sequence = {"ids": ids, "queries": [{"kind": "prose", "position": position}]}
    explored = {"gguf": str(path), "boundary": BOUNDARY, "sequences": [sequence]}

    taps = []
    decoder = Decoder(ModelFile(path))
    with torch.no_grad():
        decoder(torch.tensor(ids), tap=lambda queries, keys: taps.append((queries, keys)))
    distant = 0.0
    for layer, kv_head in ((2, 1), (3, 0), (3, 1)):
        queries, keys = taps[layer]
        for head in (2 * kv_head, 2 * kv_head + 1):
            logits = keys[kv_head, : position + 1] @ queries[head, position] * decoder.description.query_scale
            distant += logits.softmax(0)[4:112].sum().item() / 2
    assert distant > 0.1
    assert attention_moved(explored, plan_of(document))["prose"] == pytest.approx(distant / 8, rel=1e-4)


def test_a_plan_states_what_is_found_anew():
    """Slow: reads eight sequences. PROXIMA_EXPLORED names what scripts/exploredTexts.ts wrote, PROXIMA_PLAN the plan."""
    if "PROXIMA_EXPLORED" not in os.environ:
        pytest.skip("PROXIMA_EXPLORED is not set: node scripts/exploredTexts.ts")
    document = read_document(os.environ.get("PROXIMA_PLAN", REPOSITORY / "resources" / "plans" / "quick.json"))
    found = attention_moved(json.loads(Path(os.environ["PROXIMA_EXPLORED"]).read_text()), plan_of(document))
    stated = document["matrices"]["chosen"]["attentionMoved"]
    # The file looks at a sample of keys, with activations in 8 bits.
    for kind, moved in found.items():
        assert moved == pytest.approx(stated[kind], rel=0.1), kind
