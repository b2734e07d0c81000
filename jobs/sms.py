"""Sends a text to a phone number: to the worker's terminal, or through a provider at SMS_URL."""

import http.client
import json
import sys
from base64 import b64encode

from jobs import settings
from jobs.outcome import TaskError

WITHIN = 5.0  # seconds, for each step


def send(phone: str, text: str) -> None:
    """Send a text; raises TaskError."""
    if settings.SMS:
        send_by_http(settings.SMS, phone, text)
    else:
        print(f"SMS to {phone}: {text}", file=sys.stderr, flush=True)


def send_by_http(server: settings.Server, phone: str, text: str) -> None:
    """Post {to, text} as JSON; raises TaskError unless the provider answers 2xx.

    No redirect is followed: the text must not go to a server that nobody configured.
    """
    headers = {"Content-Type": "application/json"}
    if server.login:
        login = b64encode(":".join(server.login).encode()).decode()
        headers["Authorization"] = f"Basic {login}"
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = kinds[server.scheme](server.host, server.port, timeout=WITHIN)
    try:
        connection.request("POST", server.path, json.dumps({"to": phone, "text": text}), headers)
        status = connection.getresponse().status
    except TimeoutError:
        raise TaskError(f"The SMS provider at {server.place} does not answer.") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise TaskError(f"The SMS provider at {server.place} is away: {reason}.") from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise TaskError(f"The SMS provider at {server.place} refuses: it answers {status}.")
