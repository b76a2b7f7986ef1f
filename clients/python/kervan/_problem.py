"""Refusals of a node: problems (RFC 9457) with a stable code and findings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Mapping


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its code, what, where, and what to do."""

    code: str
    message: str
    severity: str = "error"
    path: str | None = None
    remedy: str | None = None


@dataclass
class Problem(Exception):
    """A refusal. `code` is stable; `findings` say everything that is wrong."""

    status: int
    code: str
    title: str
    detail: str = ""
    findings: list[Finding] = field(default_factory=list)
    request: str | None = None
    retry_after: float | None = None

    def __str__(self) -> str:
        lines = [f"{self.status} {self.code}: {self.detail or self.title}"]
        for finding in self.findings:
            place = f" at {finding.path}" if finding.path else ""
            lines.append(f"  {finding.code}{place}: {finding.message}")
            if finding.remedy:
                lines.append(f"    try: {finding.remedy}")
        return "\n".join(lines)

    @classmethod
    def read(cls, status: int, headers: Mapping[str, str], body: bytes) -> Problem:
        """The problem that an answer holds; one that is none keeps its status."""
        try:
            told: Any = json.loads(body)
        except ValueError:
            told = {}
        if not isinstance(told, dict):
            told = {}
        findings = [
            Finding(f.get("code", ""), f.get("message", ""), f.get("severity", "error"), f.get("path"), f.get("remedy"))
            for f in told.get("findings", [])
        ]
        wait = headers.get("retry-after", "")
        return cls(
            status=status,
            code=told.get("code", "unknown"),
            title=told.get("title", f"status {status}"),
            detail=told.get("detail", body[:200].decode("utf-8", "replace") if not told else ""),
            findings=findings,
            request=headers.get("x-request-id"),
            retry_after=float(wait) if wait.isdigit() else None,
        )
