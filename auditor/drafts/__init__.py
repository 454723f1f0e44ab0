"""Drafts of what the law asks for before mail is monitored, filled in from the configuration; the Council adopts them."""

from auditor.drafts.folder import Outcome, Written, write_drafts

__all__ = ["Outcome", "Written", "write_drafts"]
