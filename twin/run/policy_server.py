"""Policies over HTTP: the same objects that the twin asks, for a WMS in production."""

from __future__ import annotations

import asyncio
import hmac
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from pydantic import TypeAdapter
from starlette.requests import ClientDisconnect

from twin import __version__
from twin.domain.errors import PolicyError, SpecError
from twin.policies.named import FAMILIES, register
from twin.policies.shape import POLICY_FAULTS, PolicyRef
from twin.policies.snapshots import did_you_mean, from_json, to_json
from twin.run.foreign import is_foreign, policy_of

KEPT_MOST = 256
"""Policies with rules of their own that are kept made."""

DRAINED_MOST = 256 * 1024 * 1024
"""Of a question that is too large, what is heard (and thrown away) before the line is cut."""

SHADOW_S = 0.05
ASKED = ["snapshot", "rules"]
"""So long an answer waits for the candidate, so that the ledger is in order; a slower candidate is logged later."""

DECISION_SCHEMA = "twin.decision/1"


@dataclass
class Serving:
    """How to serve.

    own: (family, `module:Class`), served under the name of the class; shadow: family -> candidate. A policy has
    `timeout_s` to answer, a question `arrival_s` to arrive.
    """

    own: Sequence[tuple[str, str]] = ()
    shadow: Mapping[str, str] = field(default_factory=dict)
    ledger: Path | None = None
    token: str | None = None
    max_bytes: int = 4 * 1024 * 1024
    timeout_s: float = 5.0
    arrival_s: float = 5.0


QUESTION: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["snapshot"],
                "properties": {
                    "snapshot": {"type": "object", "description": "as GET /v1/policies/{family}/schema says"},
                    "rules": {"type": "object", "description": "rules that differ from the defaults"},
                },
            }
        }
    },
}


class Ledger:
    """Snapshots and decisions as JSON lines, each written whole."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        if file is not None:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                self._out = file.open("a", encoding="utf-8")
            except OSError as error:
                raise SpecError(f"--ledger {file}: cannot be written: {error.strerror or error}") from None

    def close(self) -> None:
        """Nothing more is written."""
        if self.file is not None:
            self._out.close()

    def write(self, row: Mapping[str, Any]) -> None:
        """One line; who reads along sees whole lines only."""
        if self.file is not None:
            self._out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            self._out.flush()


async def in_a_thread(policy: Any, snapshot: Any, timeout_s: float) -> Any:
    """The policy's answer, TimeoutError if it takes longer.

    Each question has a thread of its own, which nobody waits for: a policy that never ends stops neither the others nor
    the end of the server.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Any] = loop.create_future()

    def tell(value: Any, error: BaseException | None) -> None:
        if not answered.done():
            if error is None:
                answered.set_result(value)
            else:
                answered.set_exception(error)

    def ask() -> None:
        value, error = None, None
        try:
            value = policy(snapshot)
        except BaseException as fault:  # whatever it raises is told to who asked
            error = fault if isinstance(fault, Exception) else RuntimeError(f"{type(fault).__name__}: {fault}")
        with suppress(RuntimeError):  # the server has stopped meanwhile: nobody asks any more
            loop.call_soon_threadsafe(tell, value, error)

    Thread(target=ask, daemon=True, name="policy").start()
    return await asyncio.wait_for(answered, timeout_s)


def application(serving: Serving) -> FastAPI:
    """The application; its OpenAPI page is /docs."""
    ledger = Ledger(serving.ledger)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        if waiting:
            await asyncio.wait(waiting, timeout=serving.timeout_s)
        ledger.close()

    app = FastAPI(
        title="twin policies", version=__version__, description="WMS policies: a snapshot in, a decision out.",
        lifespan=lifespan,
    )  # fmt: skip
    own = {(family, target.rpartition(":")[2]): target for family, target in serving.own}
    for (family, _), target in own.items():
        policy_of(family, target)  # what cannot be served is told before anybody asks
    candidates = {family: policy_of(family, target) for family, target in serving.shadow.items()}
    made: dict[tuple[str, str, str], tuple[Any, PolicyRef]] = {}
    waiting: set[asyncio.Task[None]] = set()

    def asked(family: str, name: str, rules: Mapping[str, Any]) -> tuple[Any, PolicyRef]:
        if family not in FAMILIES:
            raise HTTPException(404, f"unknown family {family}; known: {', '.join(sorted(FAMILIES))}")
        key = (family, name, json.dumps(rules, sort_keys=True))
        if key not in made:
            target = own.get((family, name), name)
            if target == name and is_foreign(name):
                raise HTTPException(404, "a policy of one's own is served by --policy FAMILY=module:Class only")
            try:
                policy = policy_of(family, target, rules)
            except PolicyError as error:
                known = target != name or name in register(family).classes or name in register(family).installed
                raise HTTPException(422 if known else 404, str(error)) from None
            if len(made) >= KEPT_MOST:
                made.clear()
            made[key] = policy
        return made[key]

    def allowed(request: Request) -> None:
        if serving.token is None:
            return
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), serving.token.encode()):
            raise HTTPException(401, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})

    async def body_of(request: Request) -> Any:
        content, heard = bytearray(), 0
        try:
            async with asyncio.timeout(serving.arrival_s):
                async for part in request.stream():
                    heard += len(part)
                    if heard <= serving.max_bytes:
                        content += part
                    elif heard > DRAINED_MOST:
                        break
        except TimeoutError:
            raise HTTPException(408, f"the question did not arrive within {serving.arrival_s:g} s") from None
        except ClientDisconnect:
            raise HTTPException(400, "the connection ended within the question") from None
        if heard > serving.max_bytes:  # told once the rest was heard: a client that still sends would hear nothing
            raise HTTPException(413, f"more than {serving.max_bytes:,} bytes")
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise HTTPException(422, f"no JSON that can be read: {error}") from None

    @app.get("/v1/policies")
    async def listed(request: Request) -> dict[str, list[str]]:
        """The families and their policies."""
        allowed(request)
        return {family: [*found.classes, *found.installed] for family, found in FAMILIES.items()}

    @app.get("/v1/policies/{family}/schema")
    async def schema(request: Request, family: str) -> dict[str, Any]:
        """JSON Schemas of a family's snapshot, rules and decision."""
        allowed(request)
        if family not in FAMILIES:
            raise HTTPException(404, f"unknown family {family}")
        found = FAMILIES[family]
        return {
            part: TypeAdapter(cls).json_schema()
            for part, cls in (("snapshot", found.snapshot), ("rules", found.rules), ("decision", found.decision))
        }

    @app.get("/v1/policies/{family}/{name}")
    async def described(request: Request, family: str, name: str) -> dict[str, Any]:
        """The policy's name, version and rules, as they go on record."""
        allowed(request)
        policy, ref = asked(family, name, {})
        rules = getattr(policy, "rules", None)
        return {
            **to_json(ref),
            "candidates_max": getattr(rules, "candidates_max", 64),
            "doc": type(policy).__doc__ or "",
        }

    @app.post("/v1/policies/{family}/{name}:decide", openapi_extra={"requestBody": QUESTION})
    async def decide(request: Request, family: str, name: str) -> dict[str, Any]:
        """Ask once. Body: {"snapshot": ..., "rules": ...}; the rules may be left out."""
        allowed(request)
        body = await body_of(request)
        if not isinstance(body, dict) or "snapshot" not in body:
            raise HTTPException(422, "a mapping with `snapshot` is needed")
        unknown = [f"{key}: unknown; {did_you_mean(key, ASKED)}" for key in body if key not in ASKED]
        if unknown:  # a misspelt `rules` would be answered by other rules than were meant
            raise HTTPException(422, "; ".join(unknown[:5]))
        rules = body.get("rules") or {}
        if not isinstance(rules, dict):
            raise HTTPException(422, "rules: a mapping is needed")
        policy, ref = asked(family, name, rules)
        try:
            snapshot = from_json(register(family).snapshot, body["snapshot"], "snapshot")
        except PolicyError as error:
            raise HTTPException(422, str(error)) from None
        told = await answer(policy, ref, snapshot)
        row = {
            "at": datetime.now(UTC).isoformat(), "policy": to_json(ref), "rules": rules, "snapshot": body["snapshot"],
            "decision": told,
        }  # fmt: skip
        if family in candidates:
            kept = asyncio.create_task(shadowed(family, snapshot, row))
            waiting.add(kept)
            kept.add_done_callback(waiting.discard)
            await asyncio.wait({kept}, timeout=SHADOW_S)
            if kept.done():
                kept.result()
        else:
            log(row)
        return {"schema": DECISION_SCHEMA, "policy": to_json(ref), "decision": told}

    def log(row: Mapping[str, Any]) -> None:
        try:
            ledger.write(row)
        except OSError as error:
            raise HTTPException(507, f"the ledger cannot be written: {error.strerror or error}") from None

    async def answer(policy: Any, ref: PolicyRef, snapshot: Any) -> Any:
        try:
            return to_json(await in_a_thread(policy, snapshot, serving.timeout_s))
        except TimeoutError:
            raise HTTPException(504, f"{ref.family}={ref.name} took longer than {serving.timeout_s:g} s") from None
        except POLICY_FAULTS as error:  # a policy's fault is told to the caller, the server goes on
            raise HTTPException(500, f"{ref.family}={ref.name}: {type(error).__name__}: {error}") from None

    async def shadowed(family: str, snapshot: Any, row: dict[str, Any]) -> None:
        """Put the candidate's answer beside the old one's, in the ledger."""
        policy, ref = candidates[family]
        try:
            other = to_json(await in_a_thread(policy, snapshot, serving.timeout_s))
            beside = {"policy": to_json(ref), "decision": other, "same": other == row["decision"]}
        except POLICY_FAULTS as error:  # the candidate may fail in any way: the answer is the old one's
            beside = {"policy": to_json(ref), "error": f"{type(error).__name__}: {error}"}
        log({**row, "shadow": beside})

    return app


def serve(serving: Serving, host: str, port: int) -> None:
    """Serve until stopped. Beyond this machine only with a token."""
    import uvicorn

    if host not in ("127.0.0.1", "::1", "localhost") and serving.token is None:
        raise SpecError(f"--host {host}: beyond this machine a token is needed; set TWIN_POLICY_TOKEN")
    app = application(serving)
    print(f"policies at http://{host}:{port}/v1/policies, their page at http://{host}:{port}/docs", file=sys.stderr)
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
