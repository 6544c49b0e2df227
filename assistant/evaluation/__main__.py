"""`python -m assistant.evaluation`: the same as `assistant eval`."""

from __future__ import annotations

import typer

from assistant.evaluation.cli import eval_command

if __name__ == "__main__":
    typer.run(eval_command)
