"""What is measured, Redis or Valkey, and in which version."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from redis import RedisError

from lab.server import lab_client
from starting.parts import OLDEST, Product, product_of


def unfit(server: str, url: str) -> str:
    """Return why the runs cannot start this program, in a sentence; empty when they can."""
    if url:
        return "--redis-server is a program to start, --redis a Redis that runs: name one of them."
    if not os.path.isfile(server):  # Path's raises where a folder may not be entered
        return f"--redis-server: there is no file {server}."
    if not os.access(server, os.X_OK):
        return f"--redis-server: {server} may not be executed."
    product = product_of(server)
    if not product:
        return f"--redis-server: {server} is no Redis and no Valkey, going by its --version."
    if not product.is_new_enough():
        oldest = ".".join(map(str, OLDEST))
        return f"--redis-server: {server} is {product}, and the patterns need {oldest} or newer."
    return ""


def product_at(url: str) -> Product | None:
    """Return what the Redis at this URL says it is; None where it does not tell this user."""
    with lab_client(url) as redis, suppress(RedisError):
        info = redis.info("server")
        if "valkey_version" in info:
            return Product("Valkey", str(info["valkey_version"]))
        return Product("Redis", str(info.get("redis_version", "")))
    return None


def named(product: Product | None) -> dict[str, str]:
    """Return the fields of a summary that name the product; they are empty when it is unknown."""
    name, version = product or ("", "")
    return {"product": name, "redis": version}


def measured_with(made: Mapping[str, Any]) -> str:
    """Say which Redis or Valkey was measured, as far as that is known."""
    known = f"{made['product']} {made['redis']}" if made["redis"] else "a Redis of unknown version"
    return f"Measured with {known} and redis-py {made['redis_py']}."
