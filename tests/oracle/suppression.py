"""Small groups are hidden (METHOD 1.17).

Belongs here: which groups of a published total may be shown.

Readings:
- What is hidden follows as a sum from a published total. So complementary suppression hides the next smallest group
  (tie: name), too, if exactly one group is hidden, or if the hidden ones together are fewer than the minimum; dominance
  (one person with more than half of the value) hides like a small size.
"""

from __future__ import annotations

BELOW_MINIMUM, DOMINATED, COMPLEMENTARY = "below_min_size", "dominated", "complementary"


def hidden(
    sizes: dict[str, int], minimum: int, *, total_is_published: bool, dominated: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The groups not to be shown, with the reason; all others are visible."""
    reasons = {group: BELOW_MINIMUM for group, size in sizes.items() if size < minimum}
    reasons |= {group: DOMINATED for group in sorted(dominated) if group in sizes and group not in reasons}
    is_exposed = len(reasons) == 1 or sum(sizes[group] for group in reasons) < minimum
    if total_is_published and reasons and is_exposed:
        visible = sorted((size, group) for group, size in sizes.items() if group not in reasons)
        if visible:
            reasons[visible[0][1]] = COMPLEMENTARY
    return reasons
