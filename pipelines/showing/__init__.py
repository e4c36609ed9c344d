"""What people look at: pages, sheets and sentences made of published rows.

Belongs here: reading published tables and showing them. Not here: any business rule (the marts hold the results; what is shown
only selects, adds up and words them), publishing, or the look (bi/).
"""
