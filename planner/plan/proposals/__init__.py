"""What departments propose: the record, how it is made, its figures, and edits that meet."""
