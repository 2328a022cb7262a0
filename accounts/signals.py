"""What other apps may need to hear about a profile."""

from django.dispatch import Signal

# Sent with `profile` inside the transaction that deletes it, while its rows still exist: receivers
# remove, on commit, the files that they keep for it.
profile_emptied = Signal()

# Sent with `profile` and `purpose` inside the transaction that withdraws the consent.
consent_withdrawn = Signal()
