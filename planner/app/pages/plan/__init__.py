"""The page *Joint plan*: what all departments propose, say of it, decide and build."""
