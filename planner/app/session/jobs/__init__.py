"""Work that takes long: in threads of their own, by turns, with tickets that stop it."""
