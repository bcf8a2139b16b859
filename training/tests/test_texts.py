import random

from proxima_training.texts import LEAD_TOKENS, PASSAGE_TOKENS, Part, Texts, copying_text, text_of_step

# No two tokens are the same, so whatever stands twice was copied.
PROSE = list(range(10, 5000))
TEXTS = Texts("quick", "", [1], Part(PROSE, [(list(range(900)), 700)]), Part([], []))


def test_copied_positions_predict_what_stood_far_before():
    text = copying_text([1], PROSE, 1536, random.Random(3), 196)
    assert len(text.ids) == 1536
    assert len(text.positions["copy"]) == 2 * (PASSAGE_TOKENS - LEAD_TOKENS)
    for at in text.positions["copy"]:
        first = text.ids.index(text.ids[at + 1])
        assert text.ids[first - 1] == text.ids[at]
        assert at + 1 - first >= 500
    assert text.positions["prose"][0] == 196


def test_nothing_but_the_copies_stands_twice():
    text = copying_text([], PROSE, 1024, random.Random(4), 196)
    assert len(text.ids) - len(set(text.ids)) == 2 * PASSAGE_TOKENS


def test_a_step_reads_the_same_text_when_it_is_done_again():
    found = [text_of_step(TEXTS, 7, step, [600, 800], 196) for step in range(6)]
    assert found == [text_of_step(TEXTS, 7, step, [600, 800], 196) for step in range(6)]
    assert found[0].ids != found[1].ids
    assert [("answers" in text.positions) for text in found] == [False, False, True, False, False, True]


def test_answers_are_scored_from_the_first_question_on():
    text = text_of_step(TEXTS, 7, 2, [600], 196)
    assert text.positions["answers"] == list(range(700, 899))
    assert text.positions["prose"] == list(range(196, 700))
