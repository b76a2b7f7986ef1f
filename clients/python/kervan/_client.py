"""The client: one class, a method for each thing that a forwarder, carrier or officer does."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode, urljoin

from ._problem import Problem

Json = Any

#: Statuses after which the same request is sent again: too many requests, and a node that is busy or about to stop.
_AGAIN = (429, 503)


@dataclass(frozen=True)
class Change:
    """Something that happened, from the stream. `id` is where to go on after a break."""

    id: int | None
    topic: str
    data: Json


@dataclass(frozen=True)
class _Answer:
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Json:
        return json.loads(self.body) if self.body else None


class Client:
    """A node, as one party uses it.

    `token` is printed by `kervan party add`. A request that changes something carries an idempotency key, so that it is sent
    again after a broken line without being done twice. Refusals are raised as `Problem`.
    """

    def __init__(self, url: str, token: str | None = None, *, timeout: float = 60.0, attempts: int = 4) -> None:
        self.url = url.rstrip("/") + "/"
        self.token = token
        self.timeout = timeout
        self.attempts = attempts
        self._versions: dict[str, tuple[str, bytes]] = {}

    # -- every operation --------------------------------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Json:
        """Any GET. What has not changed since the last time is not sent again."""
        return self._get(_with(path, query)).json()

    def post(self, path: str, body: Any = None, *, key: str | None = None, headers: Mapping[str, str] | None = None) -> Json:
        """Any POST. `body` is JSON, or text or bytes as they stand; `key` is made up unless it is given."""
        more = {"idempotency-key": key or str(uuid.uuid4()), **(headers or {})}
        if body is None:
            data = b""
        elif isinstance(body, (bytes, str)):
            data = body.encode() if isinstance(body, str) else body
        else:
            data = json.dumps(body).encode()
        if body is not None:
            more.setdefault("content-type", "application/json")
        return self._send("POST", path, data, more).json()

    def pages(self, path: str, **query: Any) -> Iterator[Json]:
        """Every page of a list, as the node links them."""
        following: str | None = _with(path, query)
        while following is not None:
            answer = self._get(following)
            yield answer.json()
            link = re.search(r'<([^>]*)>;\s*rel="?next"?', answer.headers.get("link", ""))
            following = link.group(1) if link else None

    # -- planning ---------------------------------------------------------------------------------------------------------

    def plan(self, origin: str, destination: str, *, ready: str, equipment: Sequence[tuple[int, str]], **more: Any) -> Json:
        """The ways that no other beats. `equipment` are counts and ISO size types, such as `(2, "45G1")`."""
        return self.post("/api/plans", self.request_of(origin, destination, ready=ready, equipment=equipment, **more))

    @staticmethod
    def request_of(origin: str, destination: str, *, ready: str, equipment: Sequence[tuple[int, str]], **more: Any) -> Json:
        """A request for a plan, as `accept` takes it."""
        units = [{"count": count, "size_type": size} for count, size in equipment]
        return {"from": origin, "to": destination, "ready": ready, "equipment": units, **more}

    # -- consignments -----------------------------------------------------------------------------------------------------

    def declare(self, consignment: str | Mapping[str, Any], *, key: str | None = None) -> Json:
        """Declares a consignment from its file: YAML as text, or the same as a dictionary."""
        if isinstance(consignment, str):
            return self.post("/api/consignments", consignment, key=key, headers={"content-type": "application/yaml"})
        return self.post("/api/consignments", consignment, key=key)

    def accept(self, reference: str, plan: Json, alternative: str, *, key: str | None = None) -> Json:
        """Accepts an alternative of a plan by its name; documents are issued and declarations lodged."""
        body = {"plan": plan, "alternative": alternative}
        return self.post(f"/api/consignments/{_part(reference)}/itinerary", body, key=key)

    def consignments(self, state: str | None = None) -> Iterator[Json]:
        """Every consignment, in the order of references."""
        for page in self.pages("/api/consignments", state=state, limit=500):
            yield from page["items"]

    def consignment(self, reference: str) -> Json:
        """Everything about a consignment."""
        return self.get(f"/api/consignments/{_part(reference)}")

    def dossier(self, reference: str) -> bytes:
        """The signed dossier as a file that anybody can check offline with `kervan verify`."""
        return self._get(f"/api/consignments/{_part(reference)}/dossier.json").body

    # -- clearance --------------------------------------------------------------------------------------------------------

    def movements(self, state: str | None = None) -> Iterator[Json]:
        """Every transit movement, in the order of ids."""
        for page in self.pages("/api/movements", state=state, limit=500):
            yield from page

    def work(self, territory: str | None = None, language: str | None = None) -> Iterator[Json]:
        """What needs an officer, most urgent first."""
        for page in self.pages("/api/worklist", territory=territory, language=language, limit=200):
            yield from page

    def act(self, movement: str, body: Mapping[str, Any], *, version: str, key: str | None = None) -> Json:
        """An officer acts on a movement as it stood at a version; refused with 412 if somebody was quicker."""
        path = "/".join(_part(part) for part in movement.split("/"))
        return self.post(f"/api/movements/{path}/messages", body, key=key, headers={"if-match": f'"{version}"'})

    # -- tracking ---------------------------------------------------------------------------------------------------------

    def capture(self, document: Mapping[str, Any], *, key: str | None = None) -> None:
        """Captures an EPCIS 2.0 document; its events are on the disk when this returns."""
        self.post("/epcis/capture", document, key=key)

    def track(self, identifier: str) -> Json:
        """Everything that was seen of a consignment, container, wagon, vessel, seal or place."""
        return self.get(f"/api/track/{_part(identifier)}")

    def arrival(self, reference: str) -> Json:
        """When a consignment arrives, with odds, and why that changed."""
        return self.get(f"/api/consignments/{_part(reference)}/eta")

    def follow(self, after: int | None = None) -> Iterator[Change]:
        """Changes as they happen, for ever. After a broken line it goes on where it was: no gap, no duplicate."""
        wait = 1.0
        while True:
            headers = {"accept": "text/event-stream", **({} if after is None else {"last-event-id": str(after)})}
            try:
                with self._open("GET", "/api/stream", None, headers) as stream:
                    for change in _events(stream):
                        after = change.id if change.id is not None else after
                        wait = 1.0
                        yield change
            except Problem as problem:
                if problem.status not in _AGAIN:
                    raise
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(wait)
            wait = min(wait * 2, 30.0)

    # -- the line ---------------------------------------------------------------------------------------------------------

    def _get(self, path: str) -> _Answer:
        known = self._versions.get(path)
        headers = {"if-none-match": known[0]} if known else {}
        try:
            answer = self._send("GET", path, None, headers)
        except Problem as problem:
            if problem.status == 304 and known:
                return _Answer(known[1], {})
            raise
        version = answer.headers.get("etag")
        # What is linked to by pages is read once; the link itself is not kept, so only whole answers are.
        if version and "link" not in answer.headers:
            if len(self._versions) >= 256:
                self._versions.pop(next(iter(self._versions)))
            self._versions[path] = (version, answer.body)
        return answer

    def _send(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> _Answer:
        for attempt in range(1, self.attempts + 1):
            try:
                with self._open(method, path, data, headers) as response:
                    return _Answer(response.read(), {name.lower(): value for name, value in response.headers.items()})
            except Problem as problem:
                again = problem.status in _AGAIN or problem.code == "key-in-use"
                if not again or attempt == self.attempts:
                    raise
                time.sleep(min(problem.retry_after or 2.0 ** (attempt - 1), 30.0))
            except (OSError, http.client.HTTPException):
                if attempt == self.attempts:
                    raise
                time.sleep(2.0 ** (attempt - 1))
        raise AssertionError("unreachable")

    def _open(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> Any:
        request = urllib.request.Request(urljoin(self.url, path.lstrip("/")), data=data, method=method)
        request.add_header("accept", "application/json")
        if self.token:
            request.add_header("authorization", f"Bearer {self.token}")
        for name, value in headers.items():
            request.add_header(name, value)
        try:
            return urllib.request.urlopen(request, timeout=self.timeout)
        except urllib.error.HTTPError as error:
            told = {name.lower(): value for name, value in error.headers.items()}
            raise Problem.read(error.code, told, error.read()) from None


def _part(text: str) -> str:
    return quote(text, safe="")


def _with(path: str, query: Mapping[str, Any]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _events(stream: Any) -> Iterator[Change]:
    """Whole events only: what a broken line leaves behind is asked for again."""
    topic, data, number = "message", [], None
    for raw in stream:
        line = raw.decode("utf-8").rstrip("\r\n")
        if not line:
            if data:
                yield Change(number, topic, json.loads("\n".join(data)))
            topic, data, number = "message", [], None
        elif line.startswith("event:"):
            topic = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].strip())
        elif line.startswith("id:"):
            number = int(line[3:])
