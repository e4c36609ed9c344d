"""Mirrors tools/."""
