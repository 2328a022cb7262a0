"""The judge: evidence for every sound of the known text, and verdicts calibrated on teachers."""
