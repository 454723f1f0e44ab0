"""What Graph's refusals mean to a council, in a sentence each: what is wrong and what to do.

https://learn.microsoft.com/graph/errors
"""

from __future__ import annotations

_NO_MAILBOX = frozenset({"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi"})
_NOBODY = frozenset({"errorinvaliduser", "request_resourcenotfound", "resourcenotfound", "errornonexistentmailbox"})


def sentence(status: int, code: str, message: str, mailbox: str) -> str | None:
    """Why this mailbox cannot be read tonight, and what to do; None when the refusal is of one call and not of the mailbox.

    Args:
        code: Graph's word, lower case.
        message: Graph's own text: it tells two refusals with one code apart, and is not repeated.
    """
    if status == 404 and code in _NO_MAILBOX:
        return (
            f"{mailbox} has no mailbox in Microsoft 365 at the moment: it is without a licence, closed, or on a server "
            "of your own; give it a licence or take it out of schedule.toml."
        )
    if status == 404 and code in _NOBODY:
        return f"Microsoft 365 knows nobody of the address {mailbox}: check it in schedule.toml."
    if status == 403 and "odata is disabled" in message.lower():
        return (
            f"An application access policy keeps the auditor out of {mailbox}: add the mailbox to the policy's group, "
            "then wait up to two hours."
        )
    if status == 403 and code == "erroraccessdenied":
        return (
            f"The auditor may not read {mailbox}: give the application Mail.Read for it (docs/setup-microsoft365.md, "
            "step 4); a new permission takes up to two hours."
        )
    if status == 403:
        return (
            f"The application has no permission to read {mailbox}: give it Mail.Read for the chosen mailboxes "
            "(docs/setup-microsoft365.md, step 4); a new permission takes up to two hours."
        )
    if status == 401:
        return (
            f"Microsoft 365 does not accept its own sign-in for {mailbox}: check that authority and endpoint in "
            "[[sources]] belong to the same cloud, and this computer's clock."
        )
    return None
