"""A group of commands that are listed as they are written, from the first that somebody needs to the last."""

from __future__ import annotations

import click


class InOrder(click.Group):
    """click sorts by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """As they were added."""
        return list(self.commands)
