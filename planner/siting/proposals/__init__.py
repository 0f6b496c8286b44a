"""Sites proposed for a kind of facility, why these, and what more or fewer would bring."""
