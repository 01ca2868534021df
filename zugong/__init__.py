"""组工台 Zugong: the daily work of a Party-committee Organization Department, and its write-up."""
