import json
import subprocess

import pytest
from engine import REPOSITORY, node
from tiny_model import tiny_plan_document

from proxima_training.plan import format_document, plan_id, plan_of, read_document

PLANS = sorted((REPOSITORY / "resources" / "plans").glob("*.json"))


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_plan_file_is_written_as_the_engine_writes_it(path):
    assert format_document(read_document(path)) == path.read_text(encoding="utf-8")


def test_a_plan_is_named_as_the_engine_names_it():
    plan = tiny_plan_document()["plan"]
    # Numbers that the two languages write in different ways.
    plan["layers"][3]["kvHeads"][0]["mix"][0] = [1.0, -0.0, 1.5e-5, -2.5e-7, 1e-10]
    code = (
        "import { planId } from './src/engine/cache/policies/planId.ts';"
        f"console.log(planId(JSON.parse({json.dumps(json.dumps(plan))})));"
    )
    found = subprocess.run(
        [node(), "--input-type=module", "-e", code], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    assert plan_id(plan) == found.stdout.strip()


def test_all_queries_of_a_block_share_one_distant_set():
    plan = plan_of(tiny_plan_document())
    ends = [plan.distant_end(position) for position in range(160)]
    assert ends[:64] == [4] * 64
    assert ends[64:96] == [16] * 32
    assert ends[96:128] == [48] * 32


def test_a_text_is_near_as_a_whole_up_to_whole_tokens():
    document = tiny_plan_document()
    document["plan"]["wholeTokens"] = 128
    plan = plan_of(document)
    assert [plan.distant_end(127), plan.distant_end(128)] == [4, 80]


def test_a_plan_that_selects_moves_its_boundary_in_whole_pages():
    document = tiny_plan_document()
    document["plan"]["select"] = {"pageTokens": 16, "readTokens": 32}
    plan = plan_of(document)
    # 12 and 44 tokens after the sinks are older than the window.
    assert [plan.distant_end(64), plan.distant_end(96)] == [4, 36]


def test_a_plan_that_shares_keys_is_refused():
    document = tiny_plan_document()
    document["plan"]["share"] = "keys"
    with pytest.raises(ValueError, match="does not share logits"):
        plan_of(document)
