"""How an article looks on paper: its blocks, title, date, outlet and byline, and the page
furniture around it. `assistant.articles` puts them together.
"""
