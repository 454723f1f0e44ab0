"""Loopback stand-ins for the mail providers. A package, so that `providers.google` never stands in for Google's own `google`."""
