"""The night's walk: source → pull → store → check → findings → week's workbook."""
