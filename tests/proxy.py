"""A TCP proxy between a client and Redis that looks on, and can hold or swallow a reply."""

from typing import Any

from starting import proxy


class Proxy(proxy.Proxy):
    """One that is told by an attribute which reply it swallows."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "swallow_after":
            self.swallow_reply(value)
        else:
            super().__setattr__(name, value)
