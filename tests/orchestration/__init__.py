"""Mirrors orchestration/. Runs over whole deliveries are in tests/end_to_end."""
