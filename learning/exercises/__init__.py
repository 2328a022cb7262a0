"""Answers: how they are checked, compared with what is right, and written down."""
