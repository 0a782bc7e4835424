"""Figures about the running server for Prometheus; off unless ``METRICS`` is set."""

import os
import time

from flask import Blueprint, Flask, Response, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

blueprint = Blueprint("metrics", __name__)

_REQUESTS = Counter("carecampaign_requests", "Requests answered", ["endpoint", "method", "status"])
_SECONDS = Histogram("carecampaign_request_seconds", "Time to answer a request", ["endpoint"])


def init_app(app: Flask) -> None:
    """Count what is answered and serve ``/metrics``, where the setting asks for it."""
    if not app.config.get("METRICS"):
        return
    app.register_blueprint(blueprint)

    @app.before_request
    def start_watch() -> None:
        g.request_began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        # Paths nobody serves are one endpoint: their number would have no bound.
        endpoint = request.endpoint or "none"
        _REQUESTS.labels(endpoint, request.method, response.status_code).inc()
        if "request_began" in g:
            _SECONDS.labels(endpoint).observe(time.perf_counter() - g.request_began)
        return response


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Give the figures of all processes, in the text format of Prometheus."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), {"Content-Type": CONTENT_TYPE_LATEST}
