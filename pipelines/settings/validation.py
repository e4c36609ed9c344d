"""A value tree as a frozen model, or every problem at once with `file:line`.

Belongs here: the base of all configuration models, and how pydantic's findings and broken rules become sentences for
people. Not here: how a file is spelled (yaml_file), what a setting means (portfolio, sources).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import Annotated, Literal, TypeGuard, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from pipelines.errors import ConfigError, Problem, did_you_mean
from pipelines.settings.yaml_file import Document, NodePath, Value


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `at` is the path below the model that found it."""

    code: str
    what: str
    remedy: str
    at: NodePath = ()


class StrictModel(BaseModel):
    """Base of every configuration model: no unknown key, no coercion, no change after validation.

    Fields say what may be written; `violations` says what must hold between them. `validated` asks both, of all models,
    so that one mistake never hides another.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def violations(self) -> Iterator[Violation]:
        """Broken rules within this model; asked only when all its fields are valid."""
        return iter(())


class RootModel(StrictModel):
    """A whole file."""

    def references(self, written: Mapping[str, frozenset[str]], context: object) -> Iterator[Violation]:
        """Broken rules between sections; `written` are the keys of each section, valid or not.

        Asked also when some fields are invalid: those are absent then (see `has`).
        """
        return iter(())


def has(model: BaseModel, *names: str) -> bool:
    """Whether these fields of a possibly incomplete model are there."""
    return all(name in model.__dict__ for name in names)


def _whole_to_decimal(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_whole_to_decimal)]
"""A decimal setting; whole numbers may be written without a point."""

RootT = TypeVar("RootT", bound=RootModel)


def validated(document: Document, model: type[RootT], context: object = None) -> RootT:
    """The document as `model`. Raises ConfigError with ALL problems, each with `file:line`, in the order of the file.

    `context` is handed to field validators and to `references`.
    """
    problems: list[Problem] = []
    try:
        result = model.model_validate(document.value, context=context)
        violations = list(_all_violations(result, (), frozenset()))
    except ValidationError as error:
        for details in error.errors(include_url=False):
            problems += _explained(details, document, model)
        incomplete: set[int] = set()
        built = _built(model, document.value, context, incomplete)
        if not isinstance(built, model):
            raise ConfigError(*problems) from None
        result = built
        violations = list(_all_violations(result, (), frozenset(incomplete)))
    top = document.value if isinstance(document.value, dict) else {}
    written = {section: frozenset(keys) for section, keys in top.items() if isinstance(keys, dict)}
    violations += result.references(written, context)
    problems += [Problem(item.code, item.what, document.where(item.at), item.remedy) for item in violations]
    if problems:
        raise ConfigError(*sorted(dict.fromkeys(problems), key=lambda problem: int(problem.where.rpartition(":")[2])))
    return result


def refuse(violations: Iterable[Violation]) -> None:
    """Called by a field's validator that cannot go on: raise if there is any violation."""
    found = tuple(violations)
    if found:
        raise PydanticCustomError("violations", "rules are broken", {"violations": found})


# --- pydantic's findings in plain words -----------------------------------------------------------------------------


def _explained(details: ErrorDetails, document: Document, model: type[BaseModel]) -> Iterator[Problem]:
    kind, given = details["type"], details["input"]
    # In brackets stand pydantic's own words: of a key, and of the kinds a value may have.
    path: NodePath = tuple(part for part in details["loc"] if part not in ("[key]", "[text]", "[words]"))
    context = details.get("ctx", {})
    if kind == "violations":
        for violation in context["violations"]:
            yield Problem(violation.code, violation.what, document.where((*path, *violation.at)), violation.remedy)
        return
    # In a list the list's key says more than a position.
    key = next((part for part in reversed(path) if isinstance(part, str)), document.name)
    where = document.where(path)
    if kind == "too_short" and isinstance(given, tuple) and len(given) >= context["min_length"]:
        return  # pydantic counts only valid items; the invalid ones are told by themselves
    if kind == "extra_forbidden":
        known = keys_at(model, path[:-1])
        yield Problem("CONFIG_UNKNOWN_KEY", f"the key '{key}' is not known here", where, did_you_mean(key, known))
    elif kind == "missing":
        yield Problem("CONFIG_MISSING_KEY", f"the key '{key}' is missing", where, f"add '{key}'")
    elif kind in ("literal_error", "union_tag_invalid"):
        choices = str(context.get("expected") or context.get("expected_tags"))
        expected = re.findall(r"'([^']*)'", choices) or [choices]
        shown = context.get("tag", given)
        yield Problem(
            "CONFIG_UNKNOWN_VALUE", f"{key}: {_shown(shown)} is not known here", where, did_you_mean(shown, expected)
        )
    elif kind == "union_tag_not_found":
        yield Problem(
            "CONFIG_MISSING_KEY", f"{key}: the key {context.get('discriminator')} is missing", where, "add it"
        )
    elif kind in _LIMITS:
        limit = next(context[name] for name in ("ge", "gt", "le", "lt", "min_length") if name in context)
        needed, remedy = (text.format(limit) for text in _LIMITS[kind])
        yield Problem("CONFIG_RANGE", f"{key}: {_shown(given)} was read; {needed} is needed", where, remedy)
    else:
        code, needed, remedy = _needed(kind, details["msg"])
        yield Problem(code, f"{key}: {_shown(given)} was read; {needed}", where, remedy)


_KINDS: Mapping[str, tuple[str, str]] = {
    "int_type": ("a whole number", "write a whole number without quotes"),
    "is_instance_of": ("a number", "write a number without quotes"),
    "string_type": ("text", "put the text in quotes"),
    "bool_type": ("true or false", "write true or false"),
    "tuple_type": ("a list", "write a list: [a, b]"),
    "date_type": ("a date", "write a date as 2026-01-31, without quotes"),
    "datetime_type": ("a time", "write a time as 2026-01-31T18:00:00, without quotes"),
    "path_type": ("text", "put the text in quotes"),
    "model_type": ("a block", "write `key: value` lines, indented below"),
    "model_attributes_type": ("a block", "write `key: value` lines, indented below"),
    "mapping_type": ("a block", "write `key: value` lines, indented below"),
    "dict_type": ("a block", "write `key: value` lines, indented below"),
}
"""pydantic's error type -> what is needed, what to do."""


_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("{} or more", "write {} or more"),
    "greater_than": ("more than {}", "write more than {}"),
    "less_than_equal": ("{} or less", "write {} or less"),
    "less_than": ("less than {}", "write less than {}"),
    "too_short": ("at least {} entry", "write at least {} entry"),
    "string_too_short": ("text", "write a text"),
}
"""pydantic's error type -> what is needed, what to do; {} is the limit."""


def _needed(kind: str, message: str) -> tuple[str, str, str]:
    """(code, what is needed, remedy)."""
    if kind in _KINDS:
        needed, remedy = _KINDS[kind]
        return "CONFIG_TYPE", f"{needed} is needed", remedy
    if kind in ("decimal_max_places", "decimal_max_digits", "decimal_whole_digits"):
        return (
            "CONFIG_SCALE",
            f"it {message.removeprefix('Decimal input ')}",
            "round it yourself: nothing is rounded silently",
        )
    return (
        "CONFIG_RANGE",
        message.replace("Input should", "it should").replace("Tuple should", "it should"),
        "correct it",
    )


def _shown(value: object) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if len(str(value)) <= 60 else f"{str(value)[:57]}..."
    return f"'{text}'" if isinstance(value, str) else text


# --- what is left of a model when parts of it are wrong -------------------------------------------------------------

_ABSENT = object()


def _built(annotation: object, value: Value, context: object, incomplete: set[int]) -> object:
    """`value` as `annotation`, as far as it is valid: models without their wrong fields, mappings of models without
    their wrong entries; ids of such models and mappings, and of all that hold them, are added to `incomplete`.
    _ABSENT where nothing is left.
    """
    try:
        return TypeAdapter(cast(type[object], annotation)).validate_python(value, strict=True, context=context)
    except ValidationError:
        pass
    bare = _only_model(_bare(annotation))
    if not isinstance(value, dict):
        return _ABSENT
    if _is_model(bare):
        fields = {name: (field.alias or name, field.rebuild_annotation()) for name, field in bare.model_fields.items()}
        parts = {
            name: _built(kind, value[key], context, incomplete) for name, (key, kind) in fields.items() if key in value
        }
        model = bare.model_construct()
        for name, part in parts.items():
            if part is _ABSENT:
                model.__dict__.pop(name, None)
            else:
                model.__dict__[name] = part
        if not has(model, *bare.model_fields) or any(id(part) in incomplete for part in parts.values()):
            incomplete.add(id(model))
        return model
    arguments = get_args(bare)
    if get_origin(bare) is Mapping and _holds_models(arguments[1]):
        entries = {key: _built(arguments[1], item, context, incomplete) for key, item in value.items()}
        left = {key: item for key, item in entries.items() if item is not _ABSENT}
        if len(left) < len(entries) or any(id(item) in incomplete for item in left.values()):
            incomplete.add(id(left))
        return left
    return _ABSENT


def _all_violations(node: object, path: NodePath, incomplete: frozenset[int]) -> Iterator[Violation]:
    if isinstance(node, StrictModel):
        if id(node) not in incomplete:
            for violation in node.violations():
                yield Violation(violation.code, violation.what, violation.remedy, (*path, *violation.at))
        for name, field in type(node).model_fields.items():
            yield from _all_violations(node.__dict__.get(name), (*path, field.alias or name), incomplete)
    elif isinstance(node, Mapping):
        for key, item in node.items():
            yield from _all_violations(item, (*path, str(key)), incomplete)
    elif isinstance(node, tuple):
        for number, item in enumerate(node):
            yield from _all_violations(item, (*path, number), incomplete)


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _holds_models(annotation: object) -> bool:
    bare = _only_model(_bare(annotation))
    return _is_model(bare) or any(_is_model(option) for option in get_args(bare))


def keys_at(model: type[BaseModel], path: NodePath) -> list[str]:
    """The keys the model knows at `path`: follows fields, mappings, tuples and tagged unions."""
    found: object = model
    for part in path:
        found = _step(found, part)
    found = _only_model(found)
    if _is_model(found):
        return [field.alias or name for name, field in found.model_fields.items()]
    return []


def _only_model(annotation: object) -> object:
    """Of a choice between one model and simple values, the model: a block of keys is meant for it."""
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    models = [option for option in map(_bare, get_args(annotation)) if _is_model(option)]
    return models[0] if len(models) == 1 else annotation


def _step(annotation: object, part: str | int) -> object:
    annotation = _only_model(annotation)
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if part == (field.alias or name):
                return _bare(field.annotation)
        return None
    arguments = get_args(annotation)
    if get_origin(annotation) is tuple:
        return _bare(arguments[0])
    if any(_is_model(option) for option in arguments):
        # A tagged union: pydantic puts the tag into the location.
        for option in arguments:
            if _is_model(option) and part in _tags(option):
                return option
    return _bare(arguments[-1]) if arguments else None


def _bare(annotation: object) -> object:
    """Without Annotated[...] and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    options = [option for option in get_args(annotation) if option is not type(None)]
    return _bare(options[0]) if len(options) == 1 and type(None) in get_args(annotation) else annotation


def _tags(model: type[BaseModel]) -> tuple[object, ...]:
    return tuple(
        tag
        for field in model.model_fields.values()
        if get_origin(field.annotation) is Literal
        for tag in get_args(field.annotation)
    )
