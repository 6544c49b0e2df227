"""`python -m assistant.evaluation`: the same as `assistant eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.evaluation.command import choose, evaluate
from assistant.evaluation.summary import FIGURES, RETRIEVAL_FIGURES


def main(
    dataset: Annotated[str, typer.Argument(help="seeds, idk-mrc, belebele-en, …")] = "seeds",
    questions: Annotated[Path | None, typer.Option(help="Your own questions, JSONL.")] = None,
    seeds: Annotated[Path | None, typer.Option(help="Your own folder of articles.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the published sets.")] = None,
    split: Annotated[str, typer.Option(help="tune, report or all.")] = "all",
    variant: Annotated[str, typer.Option(help="open or gold-removed.")] = "open",
    limit: Annotated[int | None, typer.Option(help="Only so many questions.")] = None,
    llm: Annotated[str | None, typer.Option(help="A model's spec; none: extractive.")] = None,
    embedder: Annotated[str, typer.Option(help="What turns text into vectors.")] = "bundled",
    workers: Annotated[int, typer.Option(help="Questions at once, for models by API.")] = 1,
    retrieve_only: Annotated[bool, typer.Option(help="Don't ask, only search.")] = False,
) -> None:
    """Put gold questions to the assistant and write down what it said and how good it was."""
    console = Console(stderr=True)
    try:
        chosen = choose(
            dataset,
            seeds=seeds,
            questions=questions,
            data=data,
            split=split,
            variant=variant,
            limit=limit,
        )
        out = out or Path("runs") / chosen.name.replace("/", "-")
        settings: dict[str, Any] = {"system": "assistant", "llm": llm, "embedder": embedder}
        with Progress(console=console) as bars:
            tasks: dict[str, TaskID] = {}

            def show(stage: str, done: int, total: int) -> None:
                if stage not in tasks:
                    tasks[stage] = bars.add_task(stage)
                bars.update(tasks[stage], completed=done, total=total)

            evaluated = evaluate(
                chosen,
                out,
                opener=lambda folder, index, progress: Assistant.open(
                    folder, index=index, llm=llm, embedder=embedder, progress=progress
                ),
                settings=settings,
                ask=not retrieve_only,
                workers=workers,
                progress=show,
            )
    except AssistantError as error:
        console.print(f"Error: {error}\n{error.hint}", markup=False)
        raise typer.Exit(1) from error
    table = Table(title=f"{chosen.name}: {len(chosen.questions)} questions")
    table.add_column("")
    languages = evaluated.summary["by"]["language"]
    for column in ("all", *languages):
        table.add_column(column, justify="right")
    for name in (*FIGURES, *RETRIEVAL_FIGURES):
        values = [evaluated.summary["overall"].get(name)] + [
            group.get(name) for group in languages.values()
        ]
        if values[0] is not None:
            table.add_row(name, *("" if v is None else f"{v:.3f}" for v in values))
    Console().print(table)
    console.print(f"Everything in {evaluated.folder}", markup=False)


if __name__ == "__main__":
    typer.run(main)
