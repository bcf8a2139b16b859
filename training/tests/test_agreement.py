"""The module computes what the engine computes, dense and under plans."""

import pytest
import torch
from engine import REPOSITORY, engine_logits, model_path
from tiny_model import VOCAB, tiny_plan_document, write_tiny_model

from proxima_training.decoder import Decoder
from proxima_training.model_file import ModelFile
from proxima_training.plan import plan_of, read_document
from proxima_training.sharing import Sharing

#: Largest difference of a logit. Both compute in float32, in different orders.
TOLERANCE = 1e-3


def module_logits(path, ids, document=None):
    decoder = Decoder(ModelFile(path))
    sharing = None if document is None else Sharing(plan_of(document))
    with torch.no_grad():
        return decoder.logits(decoder(torch.tensor(ids), sharing))


@pytest.mark.parametrize("architecture", ["llama", "qwen2"])
def test_dense_agrees_on_made_up_models(tmp_path, architecture):
    path = write_tiny_model(tmp_path / "tiny.gguf", architecture)
    ids = [3 + (index * 37) % (VOCAB - 3) for index in range(150)]
    torch.testing.assert_close(module_logits(path, ids), engine_logits(tmp_path, path, ids), atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("architecture", ["llama", "qwen2"])
@pytest.mark.parametrize("whole_tokens", [0, 160])
@pytest.mark.parametrize("select", [None, {"pageTokens": 16, "readTokens": 32}])
def test_shared_agrees_on_made_up_models(tmp_path, architecture, whole_tokens, select):
    path = write_tiny_model(tmp_path / "tiny.gguf", architecture)
    document = tiny_plan_document()
    document["plan"]["wholeTokens"] = whole_tokens
    if select:
        document["plan"] |= {"policy": "pod+select", "select": select}
    ids = [3 + (index * 37) % (VOCAB - 3) for index in range(600)]
    shared = module_logits(path, ids, document)
    torch.testing.assert_close(shared, engine_logits(tmp_path, path, ids, document), atol=TOLERANCE, rtol=0)
    # Else a plan that changed nothing would pass.
    assert (shared - module_logits(path, ids)).abs().max() > 0.1


def test_the_engine_gives_the_last_rows_alone(tmp_path):
    path = write_tiny_model(tmp_path / "tiny.gguf", "llama")
    ids = [3 + (index * 37) % (VOCAB - 3) for index in range(300)]
    last = engine_logits(tmp_path, path, ids, last=200)
    torch.testing.assert_close(last, engine_logits(tmp_path, path, ids)[-200:], atol=0, rtol=0)


@pytest.mark.parametrize("model", ["quick", "default"])
def test_dense_agrees_on_real_models(tmp_path, model):
    path = model_path(model)
    ids = [100 + (index * 911) % 20_000 for index in range(96)]
    torch.testing.assert_close(module_logits(path, ids), engine_logits(tmp_path, path, ids), atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("model", ["quick", "default"])
def test_shared_agrees_on_real_models(tmp_path, model):
    path = model_path(model)
    document = read_document(REPOSITORY / "resources" / "plans" / f"{model}.json")
    # Its mixes alone: what adapters do is compared in test_training.py.
    document.pop("adapter", None)
    # The plan's heads, with a window that so short a text passes, and nothing rounded.
    document["plan"].pop("floatTokens", None)
    document["plan"] |= {"windowTokens": 64, "wholeTokens": 0, "farKeys": "float32", "farValues": "float32"}
    ids = [100 + (index * 911) % 20_000 for index in range(320)]
    shared = module_logits(path, ids, document)
    torch.testing.assert_close(shared, engine_logits(tmp_path, path, ids, document), atol=TOLERANCE, rtol=0)
    # Else a text without distant tokens would pass.
    assert (shared - module_logits(path, ids)).abs().max() > 0.1
