"""Checks a council's sent e-mail against its own e-mail policy; a person decides."""

__version__ = "0.1.0"
