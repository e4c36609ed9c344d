"""Statements: worked cases of the rules, asked of the models' own SQL."""
