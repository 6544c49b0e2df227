"""`assistant eval`: the options, the progress bars, the table. Imports nothing heavy by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import AssistantError, SettingsError

if TYPE_CHECKING:
    from rich.table import Table

    from assistant.evaluation.command import Progress
    from assistant.evaluation.compare import Difference

RUNS = Path("runs")


def eval_command(
    dataset: Annotated[
        str,
        typer.Argument(
            help="seeds, news, idk-mrc, belebele-id, belebele-en, squad2-id, squad2-en, …"
        ),
    ] = "seeds",
    questions: Annotated[
        Path | None, typer.Option(help="Your own questions (JSONL) about --seeds.")
    ] = None,
    seeds: Annotated[
        Path | None, typer.Option("--seeds", metavar="DIR", help="Folder of articles.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the results go; runs/NAME.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the published sets.")
    ] = None,
    split: Annotated[str, typer.Option(help="tune, report or all.")] = "all",
    variant: Annotated[str, typer.Option(help="open, reading or gold-removed.")] = "open",
    limit: Annotated[int | None, typer.Option(help="Only so many questions.")] = None,
    llm: Annotated[str | None, typer.Option(metavar="SPEC", help="A language model.")] = None,
    embedder: Annotated[str, typer.Option(metavar="SPEC", help="Turns text to vectors.")] = (
        "bundled"
    ),
    workers: Annotated[int, typer.Option(help="Questions at once, for models by API.")] = 1,
    retrieve_only: Annotated[bool, typer.Option(help="Search only, don't ask.")] = False,
    judge: Annotated[
        str | None, typer.Option(metavar="SPEC", help="A model to judge citations, beside ours.")
    ] = None,
    fresh: Annotated[bool, typer.Option(help="Ask all anew, don't go on with a run.")] = False,
    compare: Annotated[
        tuple[Path, Path] | None, typer.Option(metavar="A B", help="Compare two run folders.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Ask gold questions, and write figures. Keeps the answers and a report with plots."""
    with _errors_as_lines(debug=debug):
        if compare is not None:
            _compare(*compare, out=out)
            return
        from assistant.evaluation.command import choose, evaluate, opener_for

        chosen = choose(
            dataset, seeds=seeds, questions=questions, data=data, split=split, limit=limit
        )
        if variant == "gold-removed":
            chosen = chosen.gold_removed()
        elif variant not in ("open", "reading"):
            raise SettingsError(
                f"There is no variant {variant!r}.", hint="open, reading or gold-removed."
            )
        reading = variant == "reading"
        name = chosen.name + ("/reading" if reading else "")
        out = out or RUNS / name.replace("/", "-").replace(":", "-")
        with _bars() as progress:
            evaluated = evaluate(
                chosen,
                out,
                opener=opener_for(llm=llm, embedder=embedder, reading=reading),
                settings={
                    "system": "assistant",
                    "llm": llm,
                    "embedder": embedder,
                    "variant": variant,
                },
                ask=not retrieve_only,
                workers=workers,
                citation_judge=judge,
                fresh=fresh,
                progress=progress,
            )
        from rich.console import Console

        Console().print(_figures(name, evaluated.summary))
        typer.echo(f"Everything in {evaluated.folder}; open {evaluated.report}", err=True)


def _compare(a: Path, b: Path, *, out: Path | None) -> None:
    from rich.console import Console

    from assistant.evaluation.compare import compare_folders
    from assistant.evaluation.report import render_comparison
    from assistant.evaluation.run import run_facts

    differences = compare_folders(a, b)
    Console().print(_differences(a, b, differences))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        page = out / "compare.html"
        page.write_text(render_comparison(run_facts(a), run_facts(b), differences), "utf-8")
        typer.echo(f"Open {page}", err=True)


def _figures(name: str, summary: Mapping[str, Any]) -> Table:
    from rich.table import Table

    table = Table(title=f"{name}: {summary['questions']} questions")
    languages = summary["by"]["language"]
    for column in ("", "all", "95 % interval", *languages):
        table.add_column(column, justify="left" if not column else "right")
    for figure, value in summary["overall"].items():
        if figure == "questions":
            continue
        low, high = summary["interval"][figure]
        by_language = [group.get(figure) for group in languages.values()]
        table.add_row(
            figure,
            f"{value:.3f}",
            f"{low:.3f} to {high:.3f}",
            *("" if shown is None else f"{shown:.3f}" for shown in by_language),
        )
    for figure in ("AUC", "AURC"):
        value = summary["refusals"][figure]
        if value is not None and value == value:  # not nan
            table.add_row(figure, f"{value:.3f}")
    latency = summary["latency_ms"]["ask"] or summary["latency_ms"]["retrieve"]
    table.add_row("latency p50, p95", f"{latency['p50']:.0f}, {latency['p95']:.0f} ms")
    return table


def _differences(a: Path, b: Path, differences: list[Difference]) -> Table:
    from rich.table import Table

    table = Table(title=f"A {a}, B {b}")
    for column in ("", "questions", "A", "B", "B minus A", "95 % interval", ""):
        table.add_column(column, justify="left" if not column else "right")
    for d in differences:
        table.add_row(
            d.figure,
            str(d.gain.n),
            f"{d.a:.3f}",
            f"{d.b:.3f}",
            f"{d.gain.value:+.3f}",
            f"{d.gain.low:+.3f} to {d.gain.high:+.3f}",
            d.verdict,
        )
    return table


@contextmanager
def _bars() -> Iterator[Progress]:
    """Progress bars on standard error, one per stage."""
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    with Bars(console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


@contextmanager
def _errors_as_lines(*, debug: bool) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if debug:
            raise
        typer.echo(
            f"Error: evaluation needs the package {error.name}.\n"
            'Install the extra, in the checkout: pip install ".[eval]"',
            err=True,
        )
        raise typer.Exit(1) from error
    except AssistantError as error:
        if debug:
            raise
        typer.echo(f"Error: {error}\n{error.hint}", err=True)
        raise typer.Exit(1) from error
