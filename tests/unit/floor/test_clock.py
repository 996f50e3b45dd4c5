"""The clock does what SimPy's environment does, in fewer calls."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from typing import Any

import pytest
import simpy

from twin.floor.clock import Clock


def told(env: Any, run: Callable[[int], object], seed: int) -> list[tuple[int, str]]:
    """What twenty people who wait, wake each other and send for more say, with many deeds in one millisecond."""
    luck, said = random.Random(seed), []
    doors = [env.event() for _ in range(5)]

    def life(name: str) -> Generator[Any, Any, None]:
        for turn in range(6):
            said.append((env.now, f"{name} {turn}"))
            deed = luck.randrange(5)
            if deed == 0:
                door = luck.randrange(len(doors))
                if not doors[door].triggered:
                    doors[door].succeed(name)
                    doors[door] = env.event()
            elif deed == 1 and len(said) < 300:
                env.process(life(f"{name}.{turn}"))
            elif deed == 2:
                by = yield env.any_of([doors[luck.randrange(len(doors))], env.timeout(luck.randrange(4))])
                said.append((env.now, f"{name} of {len(by.events)}"))
            elif deed == 3:
                env.timeout(luck.randrange(3)).callbacks.append(lambda _: said.append((env.now, f"{name} called")))
            yield env.timeout(luck.randrange(4))

    for n in range(20):
        env.process(life(f"w{n}"))
    for until in (1, 2, 7, 60):
        run(until)
        said.append((env.now, "stop"))
    return said


@pytest.mark.parametrize("seed", range(20))
def test_all_happens_in_the_order_of_simpy(seed: int) -> None:
    clock, env = Clock(), simpy.Environment()

    def run(at_ms: int) -> None:
        clock.run_before(at_ms)
        clock.come_to(at_ms)

    said = told(clock, run, seed)
    assert said == told(env, lambda at: env.run(until=at), seed)
    assert len(said) > 150 and type(clock.now) is int


def test_what_is_due_then_is_still_to_come() -> None:
    clock, rung = Clock(), []
    for at_ms in (3, 5, 8):
        clock.timeout(at_ms, value=at_ms).callbacks.append(lambda bell: rung.append((clock.now, bell.value)))
    clock.run_before(5)
    assert rung == [(3, 3)] and clock.now == 3 and clock.peek() == 5
    clock.run_before(6)
    assert rung == [(3, 3), (5, 5)] and clock.now == 5
    with pytest.raises(AssertionError, match="8 ms is due before 9 ms"):
        clock.come_to(9)


def test_nobody_waits_for_the_past() -> None:
    with pytest.raises(ValueError, match="delay_ms must be >= 0, got -1"):
        Clock().timeout(-1)


def test_what_fails_in_an_activity_stops_the_run() -> None:
    clock, fault = Clock(), LookupError("no such place")

    def life() -> Generator[Any, Any, None]:
        yield clock.timeout(4)
        raise fault

    clock.process(life())
    with pytest.raises(LookupError) as found:
        clock.run_before(10)
    assert found.value is fault and clock.now == 4
