"""Answers that were computed once and are shared by all sessions, a subject a file."""
