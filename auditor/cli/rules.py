"""`auditor rules`: what is objected to, why, and what is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.findings import Rule


@click.command(epilog="Example: auditor rules waiver-misplaced")
@click.argument("rule", required=False)
def rules(rule: str | None) -> None:
    """List the rules, or explain one with examples."""
    from auditor.analysers import ANALYSERS

    known = {r.name: r for analyser in ANALYSERS for r in analyser.rules}
    if rule is None:
        width = max(map(len, known))
        for name, described in known.items():
            click.echo(f"{name:{width}}  {','.join(described.clauses):6} {described.severity:8}  {described.finds}")
        return
    if rule not in known:
        raise UsageError(_unknown(rule, known))
    _explain(known[rule])


def _unknown(name: str, known: Iterable[str]) -> str:
    from auditor.tables import nearest

    return f"There is no rule '{name}'{nearest(name, known)}; 'auditor rules' lists them."


def _explain(rule: Rule) -> None:
    from auditor.analysers import examples
    from auditor.policy import CLAUSES

    click.echo(f"{rule.name}: {rule.title}\n")
    click.echo(f"It objects to: {rule.finds}")
    for clause in rule.clauses:
        click.echo(f"Clause {clause}: {CLAUSES[clause]}")
    click.echo(f"It reads: {', '.join(rule.reads)}. Severity unless the council sets another: {rule.severity}.")
    for flagged, heading in ((True, "Flagged"), (False, "Left alone")):
        click.echo(f"\n{heading}:")
        for example in examples(rule.name):
            if example.flagged is flagged:
                click.echo(f"\n  Because {example.because}:")
                for line in example.lines:
                    click.echo(f"    | {line}".rstrip())
