"""The same drawn snapshots put to a policy in another process, whose words hash otherwise.

A policy that walks through a set of names, or sorts by `hash`, decides alike all day and otherwise tomorrow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from typing import Any

from twin.policies.shape import POLICY_FAULTS
from twin.policies.snapshots import canonical
from twin.run.drawn_snapshots import drawn
from twin.run.foreign import policy_of

LIMIT_S = 120.0
SEEDS = ("1", "2")  # of PYTHONHASHSEED; two, for few names may hash in the same order once


def asked_again(
    family: str, name: str, rules: Mapping[str, Any], numbers: Sequence[int], seed: str
) -> dict[int, str]:  # fmt: skip
    """What the policy answers there, by the snapshot's number; at -1, why it answers nothing."""
    asked = json.dumps({"family": family, "name": name, "rules": dict(rules), "numbers": list(numbers)})
    try:
        told = subprocess.run(
            [sys.executable, "-m", "twin.run.asked_elsewhere"], input=asked, capture_output=True, text=True,
            timeout=LIMIT_S, check=False,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([p for p in sys.path if p])},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {-1: f"no answer in another process within {LIMIT_S:g} s"}
    if told.returncode:
        return {-1: f"in another process: {(told.stderr.strip().splitlines() or ['it ended without a word'])[-1]}"}
    return {int(number): text for number, text in json.loads(told.stdout).items()}


def text_of(policy: Any, snapshot: Any) -> str:
    """The decision as canonical JSON, or what was raised instead."""
    try:
        return canonical(policy(snapshot))
    except POLICY_FAULTS as error:  # told as what it answered
        return f"{type(error).__name__}: {error}"


def main() -> None:
    """Read the question from standard input, write the answers to standard output."""
    asked = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):  # what the policy prints is no answer
        policy = policy_of(asked["family"], asked["name"], asked["rules"])[0]
        answers = {number: text_of(policy, drawn(asked["family"], number)) for number in asked["numbers"]}
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
