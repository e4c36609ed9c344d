"""What people look at: pages made of a published version.

Belongs here: reading published tables and turning them into pages that work without a network. Not here: any business
rule (the marts hold the results, pages only select, add up and show), publishing, or the look (bi/).
"""
