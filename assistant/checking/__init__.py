"""Whether a cited passage supports a sentence: gates for its facts (`agreement`), a score for its
words (`support`). `verification` is the way in; `assistant.generative` asks it of each sentence
that a model writes.
"""
