"""What Indonesian and English text is made of: sentences, stems, stop words, synonyms, names,
numbers, dates, and the kinds of questions. No module here knows of articles or of an index.
"""
