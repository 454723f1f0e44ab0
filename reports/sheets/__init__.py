"""The workbook's sheets, one file each."""
