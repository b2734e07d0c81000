"""Sends e-mail to the users of a small address book, over SMTP to the server of SMTP_URL."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from jobs import settings
from jobs.outcome import TaskError
from jobs.settings import Server
from messaging.message import printable

# Nobody else is ever written to.
ADDRESSES = {name: f"{name}@example.org" for name in ("ada", "grace", "alan", "edsger")}
SENDER = "notices@example.org"
WITHIN = 5.0  # seconds, for each step
OUR_NAME = "[127.0.0.1]"  # in the greeting; smtplib would ask the DNS for our name
LONGEST_REASON = 200  # characters of what the server says

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates" / "jobs" / "mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
)


def send_notice(user: str, subject: str, text: str, server: Server | None = None) -> None:
    """Send a notice to one user, at once; raises TaskError."""
    if user not in ADDRESSES:
        raise TaskError(f"The address book has {', '.join(ADDRESSES)}, and nobody else.")
    deliver(written(user, subject, text), server or settings.SMTP)


def written(user: str, subject: str, text: str) -> EmailMessage:
    """Return a notice as text and as HTML; raises TaskError for a subject of several lines."""
    values = {"name": user.capitalize(), "subject": subject, "text": text}
    mail = EmailMessage(policy=SMTP_POLICY)
    try:
        mail["Subject"] = _render("subject.txt", values).rstrip("\n")
    except ValueError:  # the policy refuses what would begin another header
        raise TaskError("A subject is one line.") from None
    mail["From"], mail["To"] = SENDER, ADDRESSES[user]
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain="example.org")
    mail.set_content(_render("notice.txt", values))
    mail.add_alternative(_render("notice.html", values), subtype="html")
    return mail


def deliver(mail: EmailMessage, server: Server) -> None:
    """Hand a mail to an SMTP server; raises TaskError unless the server takes it."""
    where = f"The mail server at {server.place}"
    try:
        with _connected(server) as smtp:
            if server.login:
                smtp.login(*server.login)
            smtp.send_message(mail)
    except smtplib.SMTPAuthenticationError:
        raise TaskError(f"{where} does not accept the login in SMTP_URL.") from None
    except smtplib.SMTPNotSupportedError as error:
        raise TaskError(f"{where} does not support what SMTP_URL asks for: {error}") from None
    except smtplib.SMTPRecipientsRefused as error:
        reason = _said(*next(iter(error.recipients.values())))
        raise TaskError(f"{where} refuses the address: {reason}") from None
    except smtplib.SMTPResponseException as error:
        reason = _said(error.smtp_code, error.smtp_error)
        raise TaskError(f"{where} refuses the mail: {reason}") from None
    except ssl.SSLError as error:
        raise TaskError(f"{where} has no valid TLS: {error.reason}.") from None
    except (OSError, smtplib.SMTPException) as error:
        if TimeoutError in (type(error), type(error.__context__)):  # which smtplib may wrap
            raise TaskError(f"{where} does not answer.") from None
        reason = getattr(error, "strerror", None) or "it closed the connection"
        raise TaskError(f"{where} is away: {reason}.") from None


def _connected(server: Server) -> smtplib.SMTP:
    """Connect, with TLS where the URL says so; TLS checks the name of the server."""
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, OUR_NAME, timeout=WITHIN, context=context)
    smtp = smtplib.SMTP(server.host, server.port, OUR_NAME, timeout=WITHIN)
    if server.scheme == "smtp+starttls":
        try:
            smtp.starttls(context=context)
        except BaseException:
            smtp.close()
            raise
    return smtp


def _render(name: str, values: dict[str, str]) -> str:
    return TEMPLATES.get_template(name).render(values)


def _said(code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"{code} {printable(' '.join(text.split())[:LONGEST_REASON])}"
