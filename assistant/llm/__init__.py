"""Language models by spec: services, local files, their errors, an end to every wait, and what
fits into their context.
"""
