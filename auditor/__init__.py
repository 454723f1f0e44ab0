"""Checks a council's sent e-mail against its own e-mail policy, and finds it again when the law asks."""

__version__ = "0.1.0"
