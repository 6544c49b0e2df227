"""Facts about the package that its design promises, stated as tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import assistant

PACKAGE = Path(assistant.__file__).parent
BESIDE_THE_CORE = {"evaluation", "training", "web"}
CORE = [
    path
    for path in PACKAGE.rglob("*.py")
    if path.relative_to(PACKAGE).parts[0] not in BESIDE_THE_CORE
]
STDLIB_ONLY = ("types.py", "errors.py")
HEAVY = {"chromadb", "gradio", "llama_index", "tantivy", "onnxruntime", "sklearn", "torch"}


def top_level_imports(path: Path) -> set[str]:
    """Modules that importing the file imports: not those inside functions or type checking."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(("." * node.level) + (node.module or ""))
    return found


@pytest.mark.parametrize("name", STDLIB_ONLY)
def test_the_values_stand_on_the_standard_library_alone(name: str) -> None:
    for module in top_level_imports(PACKAGE / name):
        assert module.split(".")[0] in sys.stdlib_module_names, module


def test_the_core_does_not_know_its_entry_points() -> None:
    entry_points = ("assistant.cli", "assistant.web", "assistant.terminal", "assistant.config")
    for path in CORE:
        if path.name in ("cli.py", "terminal.py", "config.py"):
            continue
        for module in top_level_imports(path):
            assert not module.startswith(entry_points), f"{path.name} imports {module}"


def test_words_stand_on_nothing_but_words() -> None:
    for path in (PACKAGE / "words").glob("*.py"):
        for module in top_level_imports(path):
            if module.startswith("assistant"):
                assert module.startswith(("assistant.words", "assistant.types")), path.name


def test_no_module_imports_a_heavy_library_at_import() -> None:
    exempt = {"llama_index_retriever.py", "local_models.py"}  # nothing but llama-index classes
    for path in CORE:
        if path.name not in exempt:
            heavy = {module.split(".")[0] for module in top_level_imports(path)} & HEAVY
            assert not heavy, f"{path.name} imports {heavy}"


def test_help_and_the_values_import_nothing_heavy() -> None:
    code = (
        "import sys, assistant.cli, assistant; "
        f"print(sorted({HEAVY!r} & {{name.split('.')[0] for name in sys.modules}}))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "[]", printed


def test_asking_imports_neither_llama_index_nor_gradio(seeds: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from assistant import Assistant\n"
        f"with Assistant.open({str(seeds)!r}, index={str(tmp_path)!r}) as a: a.ask('Siapa Kim?')\n"
        "print([m for m in ('llama_index.core', 'gradio', 'sklearn', 'torch') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "[]", printed.stderr


def test_exported_names_are_the_contract() -> None:
    assert assistant.__all__ == [
        "Answer", "Assistant", "AssistantError", "Citation", "Passage", "Refresh", "Turn",
    ]  # fmt: skip
    for name in assistant.__all__:
        assert getattr(assistant, name).__module__.startswith("assistant.")


def test_every_error_is_drawn_in_the_tree() -> None:
    from assistant import errors

    drawn = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, Exception):
            assert f"{name} " in drawn, f"{name} is missing in the docstring's tree"
