"""What is counted, in Prometheus's text format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from kb import Answer
    from ui.api.service import Service

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one server; they begin at 0 with it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "footnoted_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "footnoted_request_seconds",
            "How long requests took, by route; of a stream, until it ended.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._answers = Counter(
            "footnoted_answers",
            "Answers by outcome: answered, or the kind of refusal.",
            ("outcome",),
            registry=self._registry,
        )
        self._first = Histogram(
            "footnoted_first_token_seconds",
            "From a question's turn to the first words of its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._gauges = {
            name: Gauge(f"footnoted_{name}", told, registry=self._registry)
            for name, told in (
                ("articles", "Articles in the knowledge base."),
                ("passages", "Passages in the knowledge base."),
                ("questions_waiting", "Questions in the queue."),
                ("questions_served", "Questions being answered."),
            )
        }

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(self, answer: Answer) -> None:
        """Count an answer."""
        self._answers.labels(answer.refusal.value if answer.refusal else "answered").inc()
        first = answer.timings.get("first_token_ms")
        if first is not None:
            self._first.observe(first / 1000)

    def text(self, service: Service) -> bytes:
        """Return everything as Prometheus reads it."""
        status = service.knowledge_base.status()
        for name, value in (
            ("articles", status.articles),
            ("passages", status.passages),
            ("questions_waiting", service.desk.waiting),
            ("questions_served", service.desk.served),
        ):
            self._gauges[name].set(value)
        return bytes(generate_latest(self._registry))
