"""Keeping the house safe: backups, their restoring, the examination of what is kept (doctor), and how long it is kept.

Works below the pages and the actions, because it must work where these do not: on an empty home, on a broken database.
"""
