"""`python -m crm_worker`."""

import asyncio
import os

import structlog

from crm_storage.settings import load
from crm_worker.app import Worker


def main() -> None:
    """Runs the worker from the environment's settings."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    asyncio.run(Worker(load(os.environ)).run())


if __name__ == "__main__":
    main()
