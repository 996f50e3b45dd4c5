"""JSON Schema of lesson files and of commands, for editors and for whoever writes commands by program."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from twin.run.command_kinds import Command
from twin.run.lesson_file import LessonSpec
from twin.spec.schema import DRAFT


def lesson_schema() -> dict[str, Any]:
    """What a lesson file may say."""
    return {"$schema": DRAFT, **LessonSpec.model_json_schema(), "title": "A lesson of the warehouse twin"}


def command_schema() -> dict[str, Any]:
    """What a line of a file of commands may say."""
    return {"$schema": DRAFT, **TypeAdapter[Any](Command).json_schema(), "title": "A command of the warehouse twin"}
