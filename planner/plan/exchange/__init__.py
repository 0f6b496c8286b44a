"""A plan taken elsewhere: backups, and one file for offices without a common server."""
