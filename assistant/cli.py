"""The command line: `assistant ask`, `chat`, `index`, `serve`, `eval`, `models`.

Exit codes: 0 answered, 3 not found in the articles, 2 usage, 1 error. Heavy imports stand
inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import AssistantError
from assistant.evaluation.cli import eval_command

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.config import Settings

EXIT_ERROR = 1
EXIT_NOT_FOUND = 3

app = typer.Typer(
    name="assistant",
    help="Ask a folder of articles; every sentence of the answer cites the exact passage.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich was most of the time that `--help` took
    context_settings={"help_option_names": ["-h", "--help"]},
)

SeedsOption = Annotated[
    Path | None, typer.Option("--seeds", metavar="DIR", help="Folder of articles (.txt, .md).")
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="DIR", help="Folder of the derived index.")
]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm",
        metavar="SPEC",
        help="openai:MODEL, anthropic:MODEL, ollama:MODEL, http://host/v1#MODEL, gguf:PATH or "
        "smollm2; without it, answers are quoted from the articles.",
    ),
]
EmbedderOption = Annotated[
    str | None,
    typer.Option(
        "--embedder", metavar="SPEC", help="bundled, fastembed:MODEL, ollama:MODEL, openai:MODEL."
    ),
]
StoreOption = Annotated[
    str | None, typer.Option("--store", metavar="URL", help="A Chroma server for the vectors.")
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In Indonesian or English.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    seeds: SeedsOption = None,
    index: IndexOption = None,
    llm: LlmOption = None,
    embedder: EmbedderOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask one question. Exit code 3 when the articles don't answer it."""
    with _errors_as_lines(debug=debug):
        settings = _settings(seeds=seeds, index=index, llm=llm, embedder=embedder, store=store)
        with _open(settings) as assistant:
            if as_json:
                answer = assistant.ask(question)
                typer.echo(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
            else:
                from assistant.terminal import show_stream

                answer = show_stream(assistant.stream(question))
        if answer.status == "not_found":
            raise typer.Exit(EXIT_NOT_FOUND)


@app.command()
def chat(
    seeds: SeedsOption = None,
    index: IndexOption = None,
    llm: LlmOption = None,
    embedder: EmbedderOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Ask in the terminal, with follow-ups. An empty line or Ctrl-D ends the conversation."""
    with _errors_as_lines(debug=debug):
        settings = _settings(seeds=seeds, index=index, llm=llm, embedder=embedder, store=store)
        from assistant.terminal import converse

        with _open(settings) as assistant:
            converse(assistant)


@app.command("index")
def index_command(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it anew.")] = False,
    seeds: SeedsOption = None,
    index: IndexOption = None,
    embedder: EmbedderOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Bring the index up to date with the folder. Shows progress; says what changed."""
    with _errors_as_lines(debug=debug):
        settings = _settings(seeds=seeds, index=index, embedder=embedder, store=store)
        from assistant.terminal import show_refresh

        with _open(settings, rebuild=rebuild) as assistant:
            show_refresh(assistant.last_refresh)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 7860,
    auth: Annotated[
        str | None, typer.Option(metavar="USER:PASSWORD", help="Ask for it; @FILE reads a file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Allow other hosts without --auth.")] = (
        False
    ),
    allow_uploads: Annotated[
        bool, typer.Option("--allow-uploads", help="Let visitors add articles to the folder.")
    ] = False,
    mcp: Annotated[bool, typer.Option("--mcp", help="Offer MCP tools (extra `mcp`).")] = False,
    seeds: SeedsOption = None,
    index: IndexOption = None,
    llm: LlmOption = None,
    embedder: EmbedderOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Open the chat page."""
    with _errors_as_lines(debug=debug):
        settings = _settings(seeds=seeds, index=index, llm=llm, embedder=embedder, store=store)
        from assistant.web import check_address
        from assistant.web import serve as serve_page

        check_address(host, port, auth=auth, force=force)  # before the index is built for nothing
        with _open(settings) as assistant:
            answerers = {"extractive": assistant.with_llm(None)}
            if settings.llm is not None:
                answerers = {settings.llm: assistant, **answerers}
            serve_page(
                answerers,
                seeds=settings.seeds,
                host=host,
                port=port,
                auth=auth,
                force=force,
                allow_uploads=allow_uploads,
                mcp=mcp,
                ready=lambda url: typer.echo(f"Open {url} - Ctrl-C ends."),
            )


app.command("eval")(eval_command)


@app.command()
def models(
    spec: Annotated[str | None, typer.Argument(help="The model to test; else the one set.")] = None,
    debug: DebugOption = False,
) -> None:
    """Test the connection to a language model. Says in one line what is wrong."""
    with _errors_as_lines(debug=debug):
        chosen = spec or _settings().llm
        if chosen is None:
            typer.echo("No model is set: answers are quoted from the articles, word for word.")
            return
        from assistant.llm.models import check_connection

        typer.echo(check_connection(chosen))


def main() -> None:
    """Entry point of the `assistant` command."""
    app()


def _settings(**arguments: Any) -> Settings:
    from assistant.config import load_settings

    return load_settings(**arguments)


def _open(settings: Settings, *, rebuild: bool = False) -> Assistant:
    from assistant.assistant import Assistant
    from assistant.terminal import progress_bar

    with progress_bar() as progress:
        return Assistant.open(
            settings.seeds,
            index=settings.index,
            llm=settings.llm,
            embedder=settings.embedder,
            store=settings.store,
            policy=settings.policy,
            rebuild=rebuild,
            progress=progress,
        )


@contextmanager
def _errors_as_lines(*, debug: bool) -> Iterator[None]:
    """An error is one line that says what is wrong and one that says what to do."""
    try:
        yield
    except AssistantError as error:
        if debug:
            raise
        typer.echo(f"Error: {error}\n{error.hint}", err=True)
        raise typer.Exit(EXIT_ERROR) from error
    except KeyboardInterrupt:
        typer.echo("\nStopped. Nothing is lost; the same command goes on.", err=True)
        raise typer.Exit(130) from None
    except BrokenPipeError:  # `assistant ask … | head` closed the pipe: not an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(EXIT_ERROR) from None


if __name__ == "__main__":
    main()
