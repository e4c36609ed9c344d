"""The controllers' page and workbook: what was delivered, what became of it, what is to be done about it.

Belongs here: reading what a published version says of its own sources, checks and bookings, and showing it as one page and one
workbook per language. Not here: any rule of the method (the marts hold the results), the look (bi/controlling).
"""
