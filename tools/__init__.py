"""Small programs for those who work on the project; nothing at run time imports them."""
