"""Files that a save names by their keys, made values: whoever may open a file may put it into a record."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from crm_domain.definition.values import Blob, Upload
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work


async def opened(work: "Work", values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values with every `Upload` made the file it names. Raises Invalid for files the actor may not open."""
    named = {key: uploads for key, value in values.items() if (uploads := _uploads(value))}
    if not named:
        return values
    blobs = await work.store.openable([upload.key for uploads in named.values() for upload in uploads])
    lost = [key for key, uploads in named.items() if any(upload.key not in blobs for upload in uploads)]
    if lost:
        raise Invalid(dict.fromkeys(lost, (FieldProblem("problems.not_a_file"),)))
    return {**values, **{key: _as_blobs(values[key], blobs) for key in named}}


def _uploads(value: Any) -> tuple[Upload, ...]:
    many = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)
    return tuple(item for item in many if isinstance(item, Upload))


def _as_blobs(value: Any, blobs: Mapping[str, Blob]) -> Any:
    if isinstance(value, Upload):
        return blobs[value.key]
    return tuple(blobs[item.key] if isinstance(item, Upload) else item for item in value)
