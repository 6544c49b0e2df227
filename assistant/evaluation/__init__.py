"""Evaluation: gold questions, metrics, reports."""
