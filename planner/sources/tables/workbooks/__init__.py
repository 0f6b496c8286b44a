"""Workbooks of spreadsheet programs, as text cells."""
