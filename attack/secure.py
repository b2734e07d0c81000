"""A Redis that is reached over TLS, as a user that may do what the project needs and no more."""

import shutil
from pathlib import Path
from urllib.parse import quote

from redis import Redis

from starting.parts import RedisServer
from starting.ports import free_port
from starting.process import DEADLINE, NotStartedError, Process

# The rule of README.md.
RULE = (
    "ACL SETUSER queue-or-channel on >secret resetkeys resetchannels ~task:* &task:* -@all "
    "+select +info +ping +time +eval +multi +exec +lpush +rpush +rpushx +ltrim +blpop +brpop "
    "+blmove +lmove +llen +lrange +lindex +lrem +publish +subscribe +unsubscribe +xadd +xlen "
    "+xrange +xrevrange +xdel +xgroup|create +xgroup|setid +xgroup|delconsumer "
    "+xreadgroup +xack +xpending +xclaim +xautoclaim +xinfo|groups +xinfo|consumers +get "
    "+set +del +mget +exists +expire +expireat +pexpire +unlink +sadd +srem +smembers "
    "+zadd +zrange +zremrangebyscore +hget +hset +hsetnx +hdel +hkeys +hgetall"
)
LOGIN = "queue-or-channel:secret"
NO_OPENSSL = "No openssl was found, which makes the certificate: apt install openssl."
NO_TLS = "This redis-server was built without TLS; Debian's has it: apt install redis-server."
MAKE = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost"
NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost"  # that clients verify


class SecureRedis(RedisServer):
    """A Redis with a port for TLS, and with the user of RULE.

    The project's processes reach it at `url`, over TLS and as that user. The plain port is for
    whoever looks on as the default user, at `plain_url`.
    """

    def __init__(self, folder: Path) -> None:
        """Start it; raises NotStartedError where there is no openssl or a Redis without TLS."""
        self.tls_port, (self._certificate, key) = free_port(), make_certificate(folder)
        options = f"--tls-port {self.tls_port} --tls-auth-clients no".split()
        options += ["--tls-cert-file", str(self._certificate), "--tls-key-file", str(key)]
        options += ["--tls-ca-cert-file", str(self._certificate)]
        try:
            super().__init__(free_port(), folder, *options)
        except NotStartedError as error:
            if "'tls-port" not in str(error):  # which it would name as what it does not know
                raise
            raise NotStartedError(NO_TLS) from None
        self.plain_url, self.url = self.url, self.url_at(self.tls_port)
        with Redis.from_url(self.plain_url) as redis:
            redis.execute_command(*RULE.split())

    def url_at(self, port: int) -> str:
        """Return the URL for the project's processes at another port, as that of a proxy."""
        return f"rediss://{LOGIN}@127.0.0.1:{port}/5?ssl_ca_certs={quote(str(self._certificate))}"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate of this machine, signed by itself; return its file and that of its key."""
    if not shutil.which("openssl"):
        raise NotStartedError(NO_OPENSSL)
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    openssl = Process([*MAKE.split(), "-addext", NAMES, "-keyout", key, "-out", certificate])
    openssl.popen.wait(DEADLINE)
    openssl.kill()  # which closes its output
    if openssl.popen.returncode:
        raise NotStartedError(f"openssl made no certificate: {openssl.text}")
    return certificate, key
