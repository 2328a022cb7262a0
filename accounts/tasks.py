"""The jobs of accounts. They only fetch and call."""

from smtplib import SMTPException

from celery import shared_task
from django.core import mail


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=10, max_retries=5, ignore_result=True
)
def send_mail(subject: str, body: str, to: str) -> None:
    """Hand one letter to the mail server."""
    mail.send_mail(subject, body, None, [to])
