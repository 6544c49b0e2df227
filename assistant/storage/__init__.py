"""What keeps the index on disk whole: its manifest, its lock, and the writing in steps.

`assistant.index` puts them together with `assistant.lexical` and `assistant.vectors`.
"""
