"""Whether the engine predicts with an adapter what the module predicts: the likeliest token, teacher-forced.

Run: python -m proxima_training.agreement --texts FILE --plan FILE
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file

from .adapter import Adapter
from .decoder import Decoder
from .engine import engine_logits
from .model_file import ModelFile
from .plan import plan_of, read_document
from .sharing import Sharing
from .texts import Texts, read_texts


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    texts = read_texts(options.texts)
    document = read_document(options.plan)
    file = ModelFile(texts.gguf)
    if file.fingerprint() != document["model"]["fingerprint"]:
        raise SystemExit(f"{texts.gguf} is not the model that the plan is for")
    if "adapter" not in document:
        raise SystemExit(f"{options.plan} names no adapter")
    tensors = load_file(Path(options.plan).parent / document["adapter"]["file"])
    adapter = Adapter.of(file, tensors)
    decoder, sharing = Decoder(file, torch.float32), Sharing(plan_of(document))
    same, largest, positions = 0, 0.0, 0
    for number, ids in enumerate(_stretches(texts, options.prompts, options.tokens, options.scored)):
        with torch.no_grad():
            own = decoder.logits(decoder(torch.tensor(ids), sharing, adapter)[-options.scored :])
        with tempfile.TemporaryDirectory() as folder:
            found = engine_logits(
                Path(folder), Path(texts.gguf), ids, Path(options.plan).absolute(), last=options.scored, rounded=options.rounded
            )
        agrees = own.argmax(-1) == found.argmax(-1)
        # How much the module prefers its own choice to the engine's.
        gaps = own.max(-1).values - own.gather(-1, found.argmax(-1, keepdim=True))[:, 0]
        same, positions = same + int(agrees.sum()), positions + len(agrees)
        largest = max(largest, gaps.max().item())
        print(f"text {number + 1}: {int(agrees.sum())} of {len(agrees)}", flush=True)
    print(f"{same} of {positions} ({same / positions:.1%}), largest gap {largest:.3f} logits")


def _stretches(texts: Texts, count: int, tokens: int, scored: int) -> list[list[int]]:
    """Stretches of the part that was not trained on, spread over it; the last tokens of each are scored."""
    prose, begin = texts.held.prose, texts.begin
    length = tokens + scored - len(begin)
    last = len(prose) - length
    starts = [round(last * number / max(1, count - 1)) for number in range(count)]
    return [begin + prose[start : start + length] for start in starts]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--texts", required=True, help="what scripts/trainingTexts.ts wrote")
    parser.add_argument("--plan", required=True, help="a plan file that names an adapter")
    parser.add_argument("--prompts", type=int, default=10, help="texts to compare on")
    parser.add_argument("--tokens", type=int, default=1536, help="of each before the scored ones")
    parser.add_argument("--scored", type=int, default=24, help="positions of each")
    parser.add_argument("--rounded", action="store_true", help="the engine as it ships, with activations in 8 bits")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


if __name__ == "__main__":
    main()
