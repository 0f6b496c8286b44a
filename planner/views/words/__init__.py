"""Codes and figures in the reader's language, a subject a file."""
