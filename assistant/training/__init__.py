"""Training of the bundled models (the `train` extra)."""
