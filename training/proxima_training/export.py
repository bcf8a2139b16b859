"""Writes what a run learnt: an adapter file, and the plan file that names it and holds the trained mixes.

Run: python -m proxima_training.export --run FOLDER --plan FILE --texts FILE --adapter FILE --out FILE
"""

from __future__ import annotations

import argparse
import copy
import datetime
import hashlib
import json
import os
from pathlib import Path

import torch
from safetensors.torch import save

from .adapter import Adapter
from .model_file import ModelFile
from .plan import Follower, format_document, plan_id, plan_of, read_document
from .run_folder import read_log
from .sharing import Sharing
from .texts import read_texts

#: What the engine knows the layout of an adapter file by.
ADAPTER_FORMAT = "proxima-adapter-1"
#: Digits of a mix weight that are kept, as `explore` keeps them.
MIX_DIGITS = 5


def main() -> None:
    options = _options()
    folder = Path(options.run)
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    document = read_document(options.plan)
    if document["plan"]["id"] != settings["plan"]:
        raise SystemExit(f"the run began with {settings['plan']}, {options.plan} is {document['plan']['id']}")
    texts = read_texts(options.texts)
    best = torch.load(folder / "state.pt", weights_only=True)["best"]
    adapter = Adapter(ModelFile(texts.gguf), settings["rank"])
    adapter.load_state_dict(best["adapter"])
    sharing = Sharing(plan_of(document))
    sharing.load_state_dict(best["sharing"])

    content = adapter_bytes(adapter, document["model"]["fingerprint"])
    _replace(Path(options.adapter), content)
    reference = {
        "file": Path(os.path.relpath(options.adapter, Path(options.out).parent)).as_posix(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    trained = trained_document(document, sharing.followers(), reference, _training(folder, settings, best, document))
    _replace(Path(options.out), format_document(trained).encode())
    print(f"{options.out}: {trained['plan']['id']}, step {best['step']}, {options.adapter}: {len(content)} bytes")


def adapter_bytes(adapter: Adapter, fingerprint: str) -> bytes:
    """The adapter as a safetensors file of float16 numbers."""
    tensors = {name: of.to(torch.float16).contiguous() for name, of in adapter.tensors().items()}
    unfit = [name for name, of in tensors.items() if not torch.isfinite(of).all()]
    if unfit:
        raise ValueError(f"float16 does not hold the numbers of {unfit[0]}")
    content = save(tensors, {"format": ADAPTER_FORMAT, "fingerprint": fingerprint, "rank": str(adapter.rank)})
    return _ordered(content)


def _ordered(content: bytes) -> bytes:
    """The same safetensors file with its header in order, since the library writes metadata in any: its checksum counts."""
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.dumps(json.loads(content[8:end]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + content[end:]


def trained_document(
    document: dict, followers: dict[tuple[int, int], Follower], adapter: dict[str, str], training: dict
) -> dict:
    """The plan file with other mixes, its adapter, and how both came to be; all else stays as it was."""
    trained = copy.deepcopy(document)
    for (layer, kv_head), follower in followers.items():
        head = trained["plan"]["layers"][layer]["kvHeads"][kv_head]
        if head.get("leader") != follower.leader:
            raise ValueError(f"head {layer}.{kv_head} of the plan does not follow layer {follower.leader}")
        head["mix"] = [[float(f"{weight:.{MIX_DIGITS}g}") for weight in row] for row in follower.mix]
    trained["plan"]["id"] = plan_id(trained["plan"])
    trained["made"]["training"] = training
    trained["adapter"] = adapter
    return trained


def _training(folder: Path, settings: dict, best: dict, document: dict) -> dict:
    log = read_log(folder / "log.jsonl")
    judged = next(line["held"] for line in log if line["step"] == best["step"] and "held" in line)
    skipped = ("plan", "texts", "threads")
    words = " ".join(
        f"--{key.replace('_', '-')} {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in settings.items()
        if key not in skipped and value is not None
    )
    return {
        "command": f"python -m proxima_training.train {words}",
        "startPlan": document["plan"]["id"],
        "steps": max(line["step"] for line in log),
        "keptStep": best["step"],
        "seconds": round(max(line["seconds"] for line in log)),
        "date": datetime.date.today().isoformat(),
        "heldOut": {
            kind: {
                name: float(f"{figures[key]:.4g}")
                for name, key in (("divergence", "divergence"), ("loss", "loss"), ("denseLoss", "dense_loss"))
            }
            for kind, figures in judged.items()
        },
    }


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", required=True, help="folder of the run")
    parser.add_argument("--plan", required=True, help="the plan file that the run began with")
    parser.add_argument("--texts", required=True, help="the texts of the run")
    parser.add_argument("--adapter", required=True, help="the adapter file to write, such as ../resources/adapters/quick.safetensors")
    parser.add_argument("--out", required=True, help="the plan file to write, such as ../resources/plans/quick.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
