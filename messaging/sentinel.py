"""A client that asks Sentinels for the primary each time it connects."""

import socket
from typing import Any

from redis import Redis, RedisError, exceptions
from redis.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
)

from messaging.sentinel_url import SentinelUrl

Options = dict[str, Any]


class NotKnownError(MasterNotFoundError):
    """The Sentinels answer and tell no address, because they do not know the name or us."""


class Sentinels(Sentinel):
    """The Sentinels of one URL. Its errors are sentences for people, without a password."""

    def __init__(self, url: SentinelUrl, **options: Any) -> None:
        """`options` are those of the connections to the Sentinels."""
        self._places = url.places
        super().__init__(url.sentinels, sentinel_kwargs=options)  # type: ignore[no-untyped-call]

    def discover_master(self, service_name: str) -> tuple[str, int]:
        """Return host and port of the primary. Raises MasterNotFoundError, or what redis-py raises.

        Each question has a connection of its own, because one that is kept may have gone silent.
        """
        errors: list[RedisError] = []
        is_known = False
        for sentinel in self.sentinels:
            try:
                masters: dict[str, Any] = sentinel.sentinel_masters()  # type: ignore[assignment]
            except RedisError as error:
                errors.append(error)
                continue
            finally:
                sentinel.connection_pool.disconnect(inuse_connections=False)
            state = masters.get(service_name)
            is_known |= bool(state)
            if state and self.check_master_state(state, service_name):  # type: ignore[no-untyped-call]
                # The next question goes first to whom answered this one. redis-py swaps two items
                # for that, which loses a Sentinel when two threads do it.
                others = [other for other in self.sentinels if other is not sentinel]
                self.sentinels = [sentinel, *others]
                return state["ip"], state["port"]
        raise self._why(service_name, errors, is_known)

    def _why(self, name: str, errors: list[RedisError], is_known: bool) -> RedisError:
        """What to raise, given what each Sentinel that did not answer raised."""
        if is_known:
            return MasterNotFoundError(f"The Sentinels at {self._places} say that {name} is down.")
        for error in errors:
            if isinstance(error, (exceptions.ResponseError, exceptions.AuthenticationError)):
                return NotKnownError(f"A Sentinel at {self._places} refuses: {error}")
        if len(errors) < len(self.sentinels):  # those that are away may know it
            kind = MasterNotFoundError if errors else NotKnownError
            return kind(f"The Sentinels at {self._places} know no primary named {name}.")
        if all(isinstance(error.__context__, socket.gaierror) for error in errors):
            return errors[0]
        return MasterNotFoundError(f"No Sentinel at {self._places} answers.")


class PrimaryConnection(SentinelManagedConnection):
    """A connection to the primary that remembers a reply of READONLY.

    redis-py would raise that as a lost connection, after which nobody knows what became of a send.
    But Redis refused it.
    """

    was_demoted = False

    def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return super(SentinelManagedConnection, self).read_response(*args, **options)
        except exceptions.ReadOnlyError:
            self.was_demoted = True
            raise


class PrimaryPool(SentinelConnectionPool):
    """Connections to the primary; one that is no primary any more is dropped after its use."""

    def release(self, connection: Any) -> None:
        if connection.was_demoted:
            connection.disconnect()
            connection.was_demoted = False
        super().release(connection)


def connect_to_primary(url: SentinelUrl, of_sentinels: Options, of_primary: Options) -> Redis:
    """Return a client of the primary; both options are those of redis-py's connections."""
    sentinels = Sentinels(url, **of_sentinels, **url.of_sentinels)
    client: Redis = sentinels.master_for(  # type: ignore[no-untyped-call]
        url.service,
        connection_pool_class=PrimaryPool,
        connection_class=PrimaryConnection,
        db=url.db,
        username=url.username,
        password=url.password,
        **of_primary,
    )
    return client
