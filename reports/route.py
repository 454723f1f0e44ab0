"""Where a breach may be taken (R1): a suggestion by role and severity; the Clerk chooses the procedure."""

from __future__ import annotations

from auditor.findings import Severity
from auditor.policy import Role

PERSONNEL = "Personnel sub-committee"
_BY_ROLE = {
    Role.CLERK: "Disciplinary or grievance procedure",
    Role.DEPUTY_CLERK: "Disciplinary or grievance procedure",
    Role.RFO: "Disciplinary or grievance procedure",
    Role.EMPLOYEE: "Disciplinary or grievance procedure",
    Role.COUNCILLOR: "Code of Conduct",
    Role.VOLUNTEER: "The Clerk",
}


def route(role: Role | None, severity: Severity, repeated: bool) -> str:
    """What is suggested for somebody with this role on the message's day; empty where nobody of the Council's is meant.

    `repeated`: the same rule was broken before, and a person decided so.
    """
    if role is None:
        return ""
    if severity in (Severity.LOW, Severity.INFO):
        return "A word from the Chair" if role is Role.CLERK else "A word from the Clerk"
    if severity is Severity.CRITICAL or repeated:
        return PERSONNEL
    return _BY_ROLE[role]
