"""The URL of Sentinels: what it says, and what is wrong with it, without a server."""

import pytest

from messaging.sentinel_url import read_sentinel_url
from messaging.settings import address, check_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis+sentinel://one:1,two/mymaster/5", "one:1,two:26379/mymaster/5"),
        ("redis+sentinel://[::1],[fe80::1]:7/my.name-1", "[::1]:26379,[fe80::1]:7/my.name-1/0"),
        ("redis+sentinel://me:s%40cret@one/a/5?sentinel_password=other", "one:26379/a/5"),
    ],
)
def test_the_address_has_the_sentinels_and_no_password(url: str, shown: str) -> None:
    check_url(url)
    assert address(url) == shown


def test_the_url_has_all_that_a_client_needs() -> None:
    url = "redis+sentinel://me:s%40cret@one:1,[::1]/a/5?sentinel_username=i&sentinel_password=o%2B"
    read = read_sentinel_url(url)
    assert read.sentinels == [("one", 1), ("::1", 26379)]
    assert (read.service, read.db) == ("a", 5)
    assert (read.username, read.password) == ("me", "s@cret")
    assert read.of_sentinels == {"username": "i", "password": "o+"}
    assert "cret" not in repr(read)
    assert "o+" not in repr(read)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("redis+sentinel://one:26379", "REDIS_URL lacks the name that the Sentinels know, as in "),
        ("redis+sentinel://one//5", "REDIS_URL lacks the name that the Sentinels know, as in "),
        ("redis+sentinel://one/a b/5", "REDIS_URL lacks the name that the Sentinels know, as in "),
        ("redis+sentinel:///a/5", "REDIS_URL has a Sentinel that is no host:port, as in "),
        ("redis+sentinel://one,/a/5", "REDIS_URL has a Sentinel that is no host:port, as in "),
        ("redis+sentinel://one:x/a/5", "REDIS_URL has a Sentinel that is no host:port, as in "),
        ("redis+sentinel://one:65536/a/5", "REDIS_URL has a port that is not a number up to 655"),
        ("redis+sentinel://one/a/b", "REDIS_URL ends with the number of a database, as in "),
        ("redis+sentinel://one/a/5/6", "REDIS_URL ends with the number of a database, as in "),
        ("redis+sentinel://one/a/5?db=6", "«db»; of redis+sentinel: sentinel_username, sentinel_"),
        (
            "rediss+sentinel://one/a/5",
            "REDIS_URL begins with redis://, rediss://, unix:// or ",
        ),
        ("redis:one", "REDIS_URL begins with redis://"),
    ],
)
def test_what_is_wrong_is_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"^REDIS_URL ") as error:
        check_url(url)
    assert sentence in str(error.value)
