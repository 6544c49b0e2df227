"""`python -m assistant.evaluation.peers`: every peer on every set, one table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.errors import AssistantError
from assistant.evaluation.datasets import load
from assistant.evaluation.peers.bench import PEERS, bench, table

SETS = ["idk-mrc", "belebele-id", "belebele-en"]


def main(
    out: Annotated[Path, typer.Option(help="Environments, passages and results.")] = (
        Path("runs/peers")
    ),
    data: Annotated[Path | None, typer.Option(help="Folder of the published sets.")] = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help="Data sets by name.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="These peers only; the others' results stay.")
    ] = None,
) -> None:
    """Measure named peers and the assistant on the same passages, each in its own environment."""
    console = Console(stderr=True)
    chosen = [peer for peer in PEERS if not only or peer.name in only]
    try:
        datasets = [load(name, data=data) for name in sets or SETS]
        results = bench(
            datasets,
            out.resolve(),
            peers=chosen,
            keep=bool(only),
            say=lambda line: console.print(line, style="dim", markup=False),
        )
    except AssistantError as error:
        console.print(f"Error: {error}\n{error.hint}", markup=False)
        raise typer.Exit(1) from error
    typer.echo(table(results))


if __name__ == "__main__":
    typer.run(main)
