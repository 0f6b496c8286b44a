"""What several maps draw: homes, facilities, communities, marks, legends, colours."""
