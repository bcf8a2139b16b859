import json
import random

import pytest
import torch
from safetensors import safe_open
from engine import engine_logits
from tiny_model import HIDDEN, VOCAB, tiny_plan_document, write_tiny_model

from proxima_training import export, train
from proxima_training.adapter import Adapter
from proxima_training.decoder import Decoder
from proxima_training.model_file import ModelFile
from proxima_training.objective import Student, divergence
from proxima_training.plan import plan_id, plan_of, read_document
from proxima_training.run_folder import RunFolder, read_log
from proxima_training.sharing import Sharing


@pytest.fixture
def setting(tmp_path):
    """A made-up model, its plan, and texts to train on, as files."""
    gguf = write_tiny_model(tmp_path / "tiny.gguf", "llama")
    document = tiny_plan_document()
    document["model"]["fingerprint"] = ModelFile(gguf).fingerprint()
    (tmp_path / "plan.json").write_text(json.dumps(document))
    draw = random.Random(5)
    # One text, for nothing that is learnt of random tokens helps with others.
    prose = [draw.randrange(3, VOCAB) for _ in range(513)]
    part = {"prose": prose, "questions": [{"ids": prose[100:500], "from": 300}]}
    texts = {"model": "tiny", "gguf": str(gguf), "begin": [], "train": part, "held": part}
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    return tmp_path


def run(monkeypatch, setting, *more, name="run"):
    words = ["train", "--texts", setting / "texts.json", "--plan", setting / "plan.json", "--run", setting / name]
    words += ["--lengths", 512, "--held-tokens", 512, "--held-texts", 1, "--judge-every", 10, "--threads", 1, *more]
    monkeypatch.setattr("sys.argv", [str(word) for word in words])
    train.main()
    return read_log(setting / name / "log.jsonl")


def exported(monkeypatch, setting):
    words = ["export", "--run", setting / "run", "--plan", setting / "plan.json", "--texts", setting / "texts.json"]
    words += ["--adapter", setting / "adapters" / "tiny.safetensors", "--out", setting / "plans" / "tiny.json"]
    monkeypatch.setattr("sys.argv", [str(word) for word in words])
    export.main()
    return setting / "adapters" / "tiny.safetensors", read_document(setting / "plans" / "tiny.json")


def test_the_divergence_of_known_distributions():
    teacher = torch.tensor([[0.5, 0.25, 0.25]]).log()
    student = torch.tensor([[0.25, 0.5, 0.25]]).log() + 3
    assert divergence(teacher, student).item() == pytest.approx(0.25 * torch.tensor(2.0).log().item())


def test_training_brings_the_student_nearer_and_writes_its_log_and_curve(monkeypatch, setting):
    log = run(monkeypatch, setting, "--steps", 50, "--dtype", "float32", "--rate", 0.004, "--mix-rate", 0.02)
    judged = [line["held"] for line in log if "held" in line]
    assert judged[-1]["prose"]["divergence"] < 0.8 * judged[0]["prose"]["divergence"]
    assert (setting / "run" / "curve.svg").read_text().startswith("<svg")


def test_a_run_goes_on_where_it_stopped_and_refuses_other_settings(monkeypatch, setting):
    original = train.Run._step
    steps = []

    def stopped(self, done):
        steps.append(self.step)
        if len(steps) == 4:
            raise KeyboardInterrupt
        return original(self, done)

    monkeypatch.setattr(train.Run, "_step", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(monkeypatch, setting, "--steps", 6, "--save-seconds", 0)
    log = run(monkeypatch, setting, "--steps", 6, "--save-seconds", 0)
    assert steps == [0, 1, 2, 3, 3, 4, 5]
    assert [line["step"] for line in log if "loss" in line] == [1, 2, 3, 4, 5, 6]
    with pytest.raises(ValueError, match="another rank"):
        run(monkeypatch, setting, "--steps", 6, "--save-seconds", 0, "--rank", 4)


def test_a_log_that_was_cut_is_read_up_to_there(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"step": 1}\n{"step": 2}\n{"st')
    assert read_log(tmp_path / "log.jsonl") == [{"step": 1}, {"step": 2}]


def test_steps_behind_the_saved_state_leave_the_log(tmp_path):
    folder = RunFolder(tmp_path, {"rank": 1})
    for step in (1, 2, 3):
        folder.log({"step": step})
    folder.save({"step": 2})
    assert folder.load() == {"step": 2}
    assert read_log(folder.log_path) == [{"step": 1}, {"step": 2}]


def test_an_adapter_changes_nothing_before_it_is_trained(setting):
    file = ModelFile(setting / "tiny.gguf")
    decoder, ids = Decoder(file), torch.arange(3, 200)
    sharing = Sharing(plan_of(tiny_plan_document()))
    assert torch.equal(decoder(ids, sharing), decoder(ids, sharing, Adapter(file, 4)))


def test_what_is_exported_computes_what_was_trained(monkeypatch, setting):
    run(monkeypatch, setting, "--steps", 10, "--dtype", "float32")
    path, document = exported(monkeypatch, setting)
    # The library's own order of metadata is another each time, and the checksum with it.
    assert len({exported(monkeypatch, setting)[1]["adapter"]["sha256"] for _ in range(4)}) == 1
    assert document["adapter"]["file"] == "../adapters/tiny.safetensors"
    assert document["plan"]["id"] == plan_id(document["plan"]) != tiny_plan_document()["plan"]["id"]
    assert document["made"]["training"]["steps"] > 0
    with safe_open(path, "pt") as adapter:
        assert adapter.metadata() == {
            "format": "proxima-adapter-1",
            "fingerprint": ModelFile(setting / "tiny.gguf").fingerprint(),
            "rank": "16",
        }
        assert list(adapter.get_slice("blk.3.attn_k.weight.down").get_shape()) == [16, HIDDEN]
        assert list(adapter.get_slice("blk.3.attn_k.weight.up").get_shape()) == [32, 16]

    best = torch.load(setting / "run" / "state.pt", weights_only=True)["best"]
    file = ModelFile(setting / "tiny.gguf")
    trained = Student(Decoder(file), Sharing(plan_of(tiny_plan_document())), Adapter(file, 16))
    trained.adapter.load_state_dict(best["adapter"])
    trained.sharing.load_state_dict(best["sharing"])
    ids = list(range(3, 200))
    with torch.no_grad():
        hidden = trained.hidden(torch.tensor(ids))
        moved = hidden - trained.decoder(torch.tensor(ids), trained.sharing)
        logits = trained.decoder.logits(hidden)
    assert moved.abs().max() > 0.02
    # Float16 factors and five digits of a mix are all that parts the two.
    engine = engine_logits(setting / "plans", setting / "tiny.gguf", ids, document)
    torch.testing.assert_close(logits, engine, atol=0.02, rtol=0)


def test_a_plan_of_another_model_is_refused(monkeypatch, setting):
    write_tiny_model(setting / "tiny.gguf", "llama", seed=9)
    with pytest.raises(SystemExit, match="not the model"):
        run(monkeypatch, setting)
