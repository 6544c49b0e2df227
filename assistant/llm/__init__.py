"""Language models by spec: services, local files, their errors, and an end to every wait."""
