"""A refusal is its English sentence, and says what it is made of."""

from __future__ import annotations

import json
import pickle

from twin.domain.refusals import Refusal


def test_it_is_a_sentence_with_its_code_and_values() -> None:
    refused = Refusal("no_carrier", carrier="west", known=["north", "south"])
    assert refused == "no carrier 'west'; there are north, south"
    assert (refused.code, refused.values) == ("no_carrier", {"carrier": "west", "known": ["north", "south"]})
    assert json.loads(json.dumps(refused)) == str(refused)


def test_it_can_be_sent_to_another_process() -> None:
    refused = pickle.loads(pickle.dumps(Refusal("benches_already", station="main/pack", benches=3)))
    assert refused.code == "benches_already" and refused == "main/pack works with 3 benches already"
