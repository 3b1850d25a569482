"""Plans that propose and are adopted by people: staff, service points, works, sharing."""
