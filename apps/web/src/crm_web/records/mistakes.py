"""What is wrong with a form, in the reader's words."""

from collections.abc import Sequence

from crm_ui.inputs import Draft, Input
from crm_web.visit import Visit


def errors(visit: Visit, draft: Draft, shown: Sequence[Input]) -> list[tuple[str, str]]:
    """What is wrong, each with the input it is about; what no input shows stands alone."""
    inside = {field.name for field in shown}
    found = [(f"{field.id}-field", f"{field.label}: {error}") for field in shown for error in field.errors]
    loose = (problem for key, told in draft.problems.items() if key not in inside for problem in told)
    return [*found, *(("", visit.text(problem.id, **problem.facts)) for problem in loose)]
