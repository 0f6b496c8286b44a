"""What people look at: labels in both languages, maps that need no server, tables, exports."""
