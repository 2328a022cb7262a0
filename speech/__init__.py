"""The engine: hears, judges and voices. A plain Python library that never imports Django."""
