"""Whether a cited passage supports a sentence: a score for its substance, and gates for its facts.

`verification` is the way in; `assistant.citations` applies it to a draft.
"""
