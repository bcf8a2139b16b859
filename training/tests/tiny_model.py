"""Made-up model files, small enough to compute in a blink."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

LAYERS, HEADS, KV_HEADS, HEAD_DIM, HIDDEN, FFN, VOCAB = 4, 4, 2, 16, 64, 96, 300


def write_tiny_model(path: Path, architecture: str, seed: int = 1) -> Path:
    """A file of random weights; llama ties its output layer to the embedding, qwen2 has its own, and biases."""
    random = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(f"tiny {architecture}")
    writer.add_context_length(2048)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(VOCAB)

    def matrix(name: str, rows: int, columns: int, size: float = 1.0) -> None:
        writer.add_tensor(name, (random.standard_normal((rows, columns)) * size * columns**-0.5).astype(np.float32))

    def vector(name: str, width: int, around: float) -> None:
        writer.add_tensor(name, (around + 0.1 * random.standard_normal(width)).astype(np.float32))

    matrix("token_embd.weight", VOCAB, HIDDEN, 4.0)
    vector("output_norm.weight", HIDDEN, 1.0)
    if architecture == "qwen2":
        matrix("output.weight", VOCAB, HIDDEN, 2.0)
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        vector(f"{block}.attn_norm.weight", HIDDEN, 1.0)
        vector(f"{block}.ffn_norm.weight", HIDDEN, 1.0)
        for name, heads in (("attn_q", HEADS), ("attn_k", KV_HEADS), ("attn_v", KV_HEADS)):
            matrix(f"{block}.{name}.weight", heads * HEAD_DIM, HIDDEN, 1.5)
            if architecture == "qwen2":
                vector(f"{block}.{name}.bias", heads * HEAD_DIM, 0.0)
        matrix(f"{block}.attn_output.weight", HIDDEN, HEADS * HEAD_DIM)
        matrix(f"{block}.ffn_gate.weight", FFN, HIDDEN)
        matrix(f"{block}.ffn_up.weight", FFN, HIDDEN)
        matrix(f"{block}.ffn_down.weight", HIDDEN, FFN)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def tiny_plan_document(seed: int = 2) -> dict:
    """Layer 2 follows layer 0 with one head, layer 3 layer 1 with both; in float32, so that nothing is rounded."""
    random = np.random.default_rng(seed)

    def follower(leader: int) -> dict:
        mix = random.standard_normal((HEADS // KV_HEADS, HEADS + 1)) * 0.5
        return {"kind": "follower", "leader": leader, "mix": mix.tolist()}

    own = {"kind": "own"}
    kv_heads = [[own, own], [own, own], [own, follower(0)], [follower(1), follower(1)]]
    return {
        "made": {"how": "made up", "command": "none", "date": "2026-01-01", "texts": [], "seed": seed, "figures": {}},
        "model": {"name": "tiny", "fingerprint": "none"},
        "plan": {
            "id": "tiny",
            "policy": "pod",
            "shape": {"layers": LAYERS, "heads": HEADS, "kvHeads": KV_HEADS, "headDim": HEAD_DIM},
            "share": "logits",
            "sinkTokens": 4,
            "windowTokens": 48,
            "chunkTokens": 32,
            "farKeys": "float32",
            "farValues": "float32",
            "layers": [{"layer": layer, "kvHeads": heads} for layer, heads in enumerate(kv_heads)],
        },
    }
