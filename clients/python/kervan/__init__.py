"""A small client of a Kervan node: standard library only, typed, thread-safe.

    from kervan import Client

    node = Client("http://127.0.0.1:8080", token="...")
    plan = node.plan("CNXIA", "TRIST", ready="2026-12-01T08:00:00Z", equipment=[(2, "45G1")])
    for consignment in node.consignments(state="in_transit"):
        print(consignment["id"])
    for change in node.follow():
        print(change.topic, change.data)

Answers are the JSON of the API as dictionaries; their members stand at /api of every node and in openapi.json. What the client
adds is what every program needs: idempotency keys and retries that do nothing twice, pages that are followed, versions that are
remembered, a stream that comes back after a break.
"""

from ._client import Change, Client
from ._problem import Finding, Problem

__all__ = ["Change", "Client", "Finding", "Problem"]
__version__ = "0.1.0"
