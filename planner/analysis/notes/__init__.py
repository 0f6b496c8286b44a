"""What a reader of figures must know: of homes, facilities, streets, standard and profile."""
