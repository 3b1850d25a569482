"""Sites, buildings and rooms: areas, uses, title, condition, what is lent or shared."""
