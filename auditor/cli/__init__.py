"""The auditor's commands, one file each."""
