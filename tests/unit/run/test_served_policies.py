"""The same object in production: a real server on a real socket, and what becomes of bad servers."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from twin.domain.errors import PolicyError, SpecError
from twin.policies.allocation import ALLOCATION
from twin.policies.snapshots import from_json, to_json
from twin.run.drawn_snapshots import drawn
from twin.run.foreign import foreign
from twin.run.running import run_scenario
from twin.spec.loading import load_scenario

uvicorn = pytest.importorskip("uvicorn", reason="the serve extra is not installed")
from twin.run.policy_server import Serving, application, serve  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def served(serving: Serving) -> Iterator[str]:
    """The address of a running server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application(serving), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}/v1/policies"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that misbehaves as told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *given: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/policies/allocation/x"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def post(address: str, body: bytes, token: str | None = None) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_direct_and_remote_runs_have_the_same_digest(tmp_path: Path) -> None:
    loaded = load_scenario("quickstart", ["horizon_h=2"])
    ledger = tmp_path / "ledger.jsonl"
    with served(Serving(ledger=ledger, shadow={"allocation": "lefo"})) as address:
        remote = run_scenario(loaded, policies={"allocation": f"{address}/allocation/fefo:decide"})
    assert remote.digest == run_scenario(loaded, policies={"allocation": "fefo"}).digest
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert len(rows) > 100
    first = rows[0]
    assert first["policy"]["name"] == "fefo" and first["shadow"]["policy"]["name"] == "lefo"
    snapshot = from_json(type(drawn("allocation", 0)), first["snapshot"])
    assert to_json(ALLOCATION["fefo"]()(snapshot)) == first["decision"]


def test_the_server_answers_asks_for_its_token_and_keeps_its_limits() -> None:
    body = json.dumps({"snapshot": to_json(drawn("allocation", 3)), "rules": {"expired": "last"}}).encode()
    with served(Serving(token="secret", max_bytes=20_000)) as address:
        decide = f"{address}/allocation/fefo:decide"
        assert post(decide, body)[0] == 401
        assert post(decide, body, "guess")[0] == 401
        code, said = post(decide, body, "secret")
        assert code == 200 and said["policy"]["name"] == "fefo"
        assert post(f"{address}/allocation/feffo:decide", body, "secret")[0] == 404
        assert post(f"{address}/allocatoin/fefo:decide", body, "secret")[0] == 404
        assert post(f"{address}/allocation/os:system:decide", body, "secret")[0] == 404
        assert post(decide, b"{", "secret")[0] == 422
        assert post(decide, b'{"snapshot": {"now_ms": "x"}}', "secret")[0] == 422
        assert post(decide, json.dumps({"snapshot": {}, "rules": {"expird": 1}}).encode(), "secret")[0] == 422
        assert post(decide, b" " * 30_000, "secret")[0] == 413
    with served(Serving()) as address, urllib.request.urlopen(f"{address}/allocation/schema") as answer:
        assert "stock" in json.loads(answer.read())["snapshot"]["properties"]
        with urllib.request.urlopen(address.replace("/v1/policies", "/openapi.json")) as page:
            asked = json.loads(page.read())["paths"]["/v1/policies/{family}/{name}:decide"]["post"]["requestBody"]
        assert asked["content"]["application/json"]["schema"]["required"] == ["snapshot"]


def test_a_misspelt_rules_is_not_answered_by_other_rules_than_were_meant() -> None:
    with served(Serving()) as address:
        asked = {"snapshot": to_json(drawn("allocation", 3)), "rulse": {"expired": "last"}}
        code, said = post(f"{address}/allocation/fefo:decide", json.dumps(asked).encode())
    assert code == 422 and said["detail"] == "rulse: unknown; did you mean rules?"


def test_a_question_that_never_arrives_is_given_up() -> None:
    with served(Serving(arrival_s=0.3)) as address:
        host, port = address.split("/")[2].split(":")
        with socket.create_connection((host, int(port)), timeout=10) as stalled:
            stalled.sendall(
                b"POST /v1/policies/allocation/fefo:decide HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n{"
            )
            heard = stalled.recv(4_096)
    assert heard.startswith(b"HTTP/1.1 408")


def test_own_policies_are_served_by_the_name_of_their_class_with_the_rules_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "two_rules.py").write_text(
        "from dataclasses import dataclass\n"
        "from twin.policies.allocation import AllocationRules, Fefo, Lefo\n\n\n"
        "@dataclass(frozen=True)\nclass First:\n    rules: AllocationRules = AllocationRules()\n\n"
        "    def __call__(self, s):\n        return Fefo(rules=self.rules)(s)\n\n\n"
        "class Second:\n    def __call__(self, s):\n        return Lefo()(s)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    asked = json.loads(json.dumps(to_json(drawn("allocation", 3))))
    row = {**to_json(drawn("allocation", 3).stock[0]), "units": 50, "reserved": 0, "status": "available"} | {
        "location_blocked": False, "owner": asked["line"]["owner"], "lot": None, "lpn": None, "excursion": False,
        "storage": asked["line"]["storage"], "secure": False, "segregation": None, "remove_on_day": None,
    }  # fmt: skip
    asked["line"] |= {"lot": None, "lpn": None, "units": 1, "min_days_left": 0, "single_lot": False}
    asked |= {"on_day": 5, "deliver_on_day": 5}
    asked["stock"] = [{**row, "stock": "old", "expires_on_day": 4}, {**row, "stock": "new", "expires_on_day": 9}]
    with served(Serving(own=[("allocation", "two_rules:First"), ("allocation", "two_rules:Second")])) as address:

        def taken(name: str, **rules: object) -> str:
            code, said = post(
                f"{address}/allocation/{name}:decide", json.dumps({"snapshot": asked, "rules": rules}).encode()
            )
            assert code == 200, said
            stock: str = said["decision"]["reservations"][0]["stock"]
            return stock

        assert taken("First") == "new"
        assert taken("First", expired="ignore") == "old"
        assert taken("Second") == "new"
        assert post(f"{address}/allocation/fefo:decide", b"[" * 100_000)[0] == 422


def test_a_question_is_json_that_any_language_reads() -> None:
    snapshot = next(s for n in range(50) if (s := drawn("batching", n)).max_mass_kg == float("inf"))
    text = json.dumps(to_json(snapshot), allow_nan=False)
    assert json.loads(text)["max_mass_kg"] == "unlimited"
    assert from_json(type(snapshot), json.loads(text)) == snapshot


def test_a_slow_policy_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_rules.py").write_text(
        "import time\n\n\nclass Slow:\n    def __call__(self, s):\n        time.sleep(2)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    body = json.dumps({"snapshot": to_json(drawn("allocation", 3))}).encode()
    with served(Serving(own=[("allocation", "slow_rules:Slow")], timeout_s=0.1)) as address:
        assert post(f"{address}/allocation/Slow:decide", body)[0] == 504


def test_a_candidate_that_is_slow_delays_no_answer_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The candidate waits for a gate that opens after the answer has come."""
    (tmp_path / "gated_rules.py").write_text(
        "import threading\nfrom twin.policies.allocation import Lefo\n\ngate = threading.Event()\n\n\n"
        "class Gated:\n    def __call__(self, s):\n        gate.wait(20)\n        return Lefo()(s)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    body = json.dumps({"snapshot": to_json(drawn("allocation", 3))}).encode()
    ledger = tmp_path / "ledger.jsonl"
    with served(Serving(ledger=ledger, shadow={"allocation": "gated_rules:Gated"}, timeout_s=30)) as address:
        assert post(f"{address}/allocation/fefo:decide", body)[0] == 200
        assert ledger.read_text() == ""
        import gated_rules  # type: ignore[import-not-found]

        gated_rules.gate.set()
    (row,) = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert row["policy"]["name"] == "fefo" and row["shadow"]["decision"]["short"] >= 0


def test_policies_that_never_end_stop_neither_the_others_nor_the_end_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endless_rules.py").write_text(
        "import threading\n\n\nclass Endless:\n    def __call__(self, s):\n        threading.Event().wait()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    body = json.dumps({"snapshot": to_json(drawn("allocation", 3))}).encode()
    with served(Serving(own=[("allocation", "endless_rules:Endless")], timeout_s=0.05)) as address:
        for _ in range(40):  # more than any pool of threads has
            assert post(f"{address}/allocation/Endless:decide", body)[0] == 504
        assert post(f"{address}/allocation/fefo:decide", body)[0] == 200
    assert all(one.daemon for one in threading.enumerate() if one.name == "policy")


@pytest.mark.slow
def test_a_question_far_too_large_is_told_so() -> None:
    with served(Serving(max_bytes=1000)) as address:
        assert post(f"{address}/allocation/fefo:decide", b" " * 20_000_000)[0] == 413


def test_an_answer_of_wrong_parts_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd_rules.py").write_text(
        "from twin.policies.allocation import Allocation\n\n\nclass Odd:\n    def __call__(self, s):\n"
        "        return Allocation(reservations=None, short={}, rejected=())\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    body = json.dumps({"snapshot": to_json(drawn("allocation", 3))}).encode()
    with served(Serving(own=[("allocation", "odd_rules:Odd")])) as address:
        code, said = post(f"{address}/allocation/Odd:decide", body)
        assert code == 500 and "allocation=odd_rules:Odd" in said["detail"]


def test_beyond_this_machine_only_with_a_token() -> None:
    with pytest.raises(SpecError, match="token is needed"):
        serve(Serving(), "0.0.0.0", 0)


def _slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def _trickle(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.2)


def _trickles_its_headers(handler: BaseHTTPRequestHandler) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 30:
        handler.wfile.write(bytes([letter]))
        handler.wfile.flush()
        time.sleep(0.2)


def _says(text: bytes, status: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    return answer


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (_slow, "took longer than 1.5 s"),
        (_trickle, "took longer than 1.5 s"),
        (_trickles_its_headers, "took longer than 1.5 s"),
        (_says(b"[" * 100_000), "no JSON"),
        (_says(b"left"), "no JSON"),
        (_says(b"[]"), "a mapping with `decision`"),
        (_says(b'{"decision": {"short": "x"}}'), "reservations: is missing"),
        (_says(b"oh", 500), "answered 500: oh"),
    ],
)
def test_a_slow_dead_or_wrong_answer_names_the_call(
    answer: Callable[[BaseHTTPRequestHandler], None], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_POLICY_TIMEOUT_S", "1.5")
    with answering(answer) as address:
        policy = foreign("allocation", address).policy
        with pytest.raises(PolicyError, match=fault) as told:
            policy(drawn("allocation", 1))
        assert address in str(told.value)
    with pytest.raises(PolicyError, match="cannot be reached"):
        foreign("allocation", address)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: the example in JavaScript is not run")
def test_a_policy_in_another_language_runs_the_day() -> None:
    example = ROOT / "docs" / "examples" / "nearest_first.mjs"
    node = subprocess.Popen(["node", str(example), "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert node.stdout is not None
        port = node.stdout.readline().split()[-1]
        address = f"http://127.0.0.1:{port}/v1/policies/allocation/nearest_first"
        result = run_scenario(load_scenario("quickstart"), policies={"allocation": address})
    finally:
        node.terminate()
        node.wait()
        if node.stdout is not None:
            node.stdout.close()
    assert result.policies["allocation"] == "nearest_first"
    direct = run_scenario(load_scenario("quickstart"), policies={"allocation": "nearest"})
    assert result.kpis["lines_shipped"] == direct.kpis["lines_shipped"] > 0
