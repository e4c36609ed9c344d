"""The small company whose books every system of examples/systems tells in its own words: `python -m tools.example_systems`.

Belongs here: what it did (business) and how each system exports that (the other modules). Not here: the mappings (examples/systems).
"""
