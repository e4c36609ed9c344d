"""Small groups are hidden (METHOD 1.17).

Belongs here: which groups of a published total may be shown.

Readings:
- Complementary suppression hides the next smallest group (tie: name) as long as exactly one group is hidden and the
  total is published; dominance (one person with more than half of the value) hides like a small size.
"""

from __future__ import annotations

BELOW_MINIMUM, DOMINATED, COMPLEMENTARY = "below_min_size", "dominated", "complementary"


def hidden(
    sizes: dict[str, int], minimum: int, *, total_is_published: bool, dominated: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The groups not to be shown, with the reason; all others are visible."""
    reasons = {group: BELOW_MINIMUM for group, size in sizes.items() if size < minimum}
    reasons |= {group: DOMINATED for group in sorted(dominated) if group in sizes and group not in reasons}
    if total_is_published and len(reasons) == 1:
        visible = sorted((size, group) for group, size in sizes.items() if group not in reasons)
        if visible:
            reasons[visible[0][1]] = COMPLEMENTARY
    return reasons
