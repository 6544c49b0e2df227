"""Settings: arguments over environment (`ASSISTANT_*`) over `assistant.toml`.

Only the entry points (command line, page, evaluation) read them; `Assistant.open` takes
everything as arguments, so that nothing in the core depends on where it was started.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

SETTINGS_FILE = Path("assistant.toml")


class Settings(BaseSettings):
    """What a person can choose. Every field is also `ASSISTANT_<NAME>` in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True
    )

    seeds: Path = Field(Path("seeds"), description="Folder of articles (.txt, .md).")
    index: Path = Field(Path("index"), description="Folder of the derived index.")
    llm: str | None = Field(None, description="Language model; none means extractive answers.")
    embedder: str = Field("bundled", description="What turns text into vectors.")
    store: str | None = Field(None, description="URL of a Chroma server; none means a folder.")
    policy: Literal["mark", "strict"] = Field(
        "mark", description="Unsupported sentences of a model: shown marked, or dropped."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the file; no `.env`, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**arguments: Any) -> Settings:
    """The settings in force; arguments that are None fall through to the next source.

    Raises SettingsError naming the setting that has no meaning.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The setting {name!r} is wrong: {first['msg']}.",
            hint=f"Look for {name!r} in {SETTINGS_FILE}, ASSISTANT_{name.upper()} or the options.",
        ) from error
    except ValueError as error:  # a TOML file that can't be parsed
        raise SettingsError(
            f"{SETTINGS_FILE} can't be read: {error}.",
            hint="Mend the line it names, or move the file away.",
        ) from error
