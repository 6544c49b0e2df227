"""Answers questions about a folder of articles and cites the exact passage for every sentence."""
