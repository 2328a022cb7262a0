"""What other apps may need to hear about a profile."""

from django.dispatch import Signal

# Sent with `profile` and `purpose` inside the transaction that withdraws the consent.
consent_withdrawn = Signal()
