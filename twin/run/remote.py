"""A policy that runs elsewhere: it gets the snapshot as JSON over HTTP and answers with the decision.

A slow, dead or wrong answer is a PolicyError that names the call, never a hang.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

from twin.domain.errors import PolicyError
from twin.policies.named import register
from twin.policies.shape import PolicyRef
from twin.policies.snapshots import from_json, to_json

TIMEOUT_S = 10.0
ANSWER_MAX = 16 * 1024 * 1024
DECIDE = ":decide"


class AnsweredError(PolicyError):
    """An answer that is none: the status says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Remote:
    """One policy at one address. The bearer token is TWIN_POLICY_TOKEN, the time allowed TWIN_POLICY_TIMEOUT_S."""

    def __init__(self, family: str, address: str, rules: Mapping[str, Any] | None = None) -> None:
        self._connection: HTTPConnection | None = None
        parts = urlsplit(address)
        if not parts.hostname:
            raise PolicyError(f"--policy {family}={address}: has no host")
        self.family, self.address, self.rules_given = family, address, dict(rules or {})
        self.decision = register(family).decision
        try:
            self.timeout_s = float(os.environ.get("TWIN_POLICY_TIMEOUT_S", TIMEOUT_S))
            port = parts.port
        except ValueError as error:
            raise PolicyError(f"--policy {family}={address}: {error}") from None
        kind: type[HTTPConnection] = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connect: Callable[[], HTTPConnection] = partial(kind, parts.hostname, port, timeout=self.timeout_s)
        self.path = parts.path if parts.path.endswith(DECIDE) else parts.path.rstrip("/") + DECIDE
        self.query = f"?{parts.query}" if parts.query else ""

    def __call__(self, snapshot: Any, /) -> Any:
        """The decision of the policy over there."""
        body: dict[str, Any] = {"snapshot": to_json(snapshot)}
        if self.rules_given:
            body["rules"] = self.rules_given
        answer = self._call("POST", self.path + self.query, body)
        where = f"{self.family}={self.address}: answer"
        if not isinstance(answer, Mapping) or "decision" not in answer:
            raise PolicyError(f"{where}: a mapping with `decision` is needed, got {answer!r:.200}")
        return from_json(self.decision, answer["decision"], f"{where}.decision")

    def described(self) -> Mapping[str, Any]:
        """What the address says of itself on GET; nothing if it does not."""
        try:
            answer = self._call("GET", self.path.removesuffix(DECIDE) + self.query, None)
        except AnsweredError as error:
            if error.status in (401, 403):
                raise
            return {}
        return answer if isinstance(answer, Mapping) else {}

    def _call(self, method: str, path: str, body: object) -> Any:
        what = f"{self.family}={self.address}: {method} {path}"
        until = time.monotonic() + self.timeout_s
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        token = os.environ.get("TWIN_POLICY_TOKEN")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        fresh, cut = self._connection is None, Event()
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect()
                self._connection.request(method, path, content, headers)
                with self._cut_off(until) as cut:
                    response = self._connection.getresponse()
                break
            except TimeoutError:
                self._drop()
                raise PolicyError(f"{what} took longer than {self.timeout_s:g} s") from None
            except (OSError, HTTPException) as error:
                self._drop()
                if cut.is_set():
                    raise PolicyError(f"{what} took longer than {self.timeout_s:g} s") from None
                if fresh:
                    raise PolicyError(f"{what} cannot be reached: {_words(error)}") from None
                fresh = True  # a kept connection may have been closed over there: once more with a new one
        try:
            text = self._read(response, until, what)
        except (OSError, HTTPException) as error:
            self._drop()
            raise PolicyError(f"{what} broke off: {_words(error)}") from None
        finally:
            response.close()  # the connection is kept for the next question
        if response.status != 200:
            raise AnsweredError(
                response.status, f"{what} answered {response.status}: {text.decode('utf-8', 'replace'):.300}"
            )
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise PolicyError(f"{what} answered with no JSON: {error}") from None

    @contextmanager
    def _cut_off(self, until: float) -> Iterator[Event]:
        """Cut the line when the time is up: a header that comes letter by letter never lets a read wait too long."""
        cut, line = Event(), getattr(self._connection, "sock", None)

        def end() -> None:
            cut.set()
            if line is not None:
                with suppress(OSError):  # it has been closed meanwhile
                    line.shutdown(SHUT_RDWR)

        watch = Timer(max(0.0, until - time.monotonic()), end)
        watch.daemon = True
        watch.start()
        try:
            yield cut
        finally:
            watch.cancel()

    def _read(self, response: Any, until: float, what: str) -> bytes:
        text = b""
        while True:
            part: bytes = response.read1(65536)
            text += part
            if not part:
                return text
            if len(text) > ANSWER_MAX:
                self._drop()
                raise PolicyError(f"{what} answered more than {ANSWER_MAX // 1024 // 1024} MB")
            if time.monotonic() > until:
                self._drop()
                raise PolicyError(f"{what} took longer than {self.timeout_s:g} s")

    def __del__(self) -> None:
        self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _words(error: Exception) -> str:
    """What went wrong on the line, without the name of a class."""
    return getattr(error, "strerror", None) or str(error) or "no answer"


def remote(family: str, address: str, rules: Mapping[str, Any] | None) -> tuple[Remote, PolicyRef, int]:
    """The policy, its name for the record and how many candidates it may see.

    The name is what the address says of itself, so that a run asks the same rule here or there to the same digest.
    """
    policy = Remote(family, address, rules)
    said = policy.described()
    most = (rules or {}).get("candidates_max", said.get("candidates_max", 64))
    if most != "unlimited" and (not isinstance(most, int) or isinstance(most, bool) or most < 0):
        raise PolicyError(f"{family}={address}: candidates_max must be a whole number or unlimited, got {most!r}")
    ref = PolicyRef(
        family=family,
        name=str(said.get("name", address)),
        version=str(said.get("version", "")),
        rules_digest=str(said.get("rules_digest", "")),
    )
    return policy, ref, 0 if most == "unlimited" else int(most)
