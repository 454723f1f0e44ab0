"""How right the rules are: every measure that the auditor promises, put through the product, beside its peers."""
