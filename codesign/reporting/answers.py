"""Whether a value answers its question, and what a whole set of answers lacks. Pure functions of plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from django.db.models import TextChoices

from codesign.reporting.free_text import suspicion_in
from registry.kernel.calendar import EARLIEST, LATEST
from registry.kernel.errors import Fault

MAX_NUMBER = 10**12
MAX_TEXT = 4000
SHARE_PLACES = 4


class QuestionKind(TextChoices):
    """What kind of value a question takes."""

    NUMBER = "number", "Number"
    SHARE = "share", "Share from 0 to 1"
    DATE = "date", "Day"
    CHOICE = "choice", "Choice"
    TEXT = "text", "Text"
    YES_NO = "yes_no", "Yes or no"
    COUNTS = "counts", "Whole number by option"
    FILE = "file", "File"


class Asked(Protocol):
    """What the rules need to know of a question."""

    code: str
    kind: str
    level: str
    unit: str
    is_required: bool
    is_multiple: bool
    options: list[dict[str, Any]]
    minimum: Decimal | None
    maximum: Decimal | None
    decimals: int
    at_most: str
    condition: dict[str, Any] | None
    jump_share: Decimal | None


@dataclass(frozen=True)
class Finding:
    """One thing that a check found. An `error` keeps a report from being submitted, a `warning` does not."""

    level: str
    question: str
    code: str
    message: str
    site: str = ""

    @property
    def pointer(self) -> str:
        """JSON pointer into the answers; into the table of the question where a site answers it."""
        return pointer_to("answers", self.question, *([self.site] if self.site else []))

    @property
    def fault(self) -> Fault:
        """The same as a fault of a refusal."""
        return Fault(self.pointer, self.code, self.message)


class Unfit(ValueError):
    """A value that does not answer its question: code, sentence, and the part that is wrong. Never holds the value."""

    def __init__(self, code: str, message: str, *, part: str = "") -> None:
        self.code, self.message, self.part = code, message, part
        super().__init__(code)

    def at(self, *place: str) -> Fault:
        """The same as a fault below the body's root."""
        return Fault(pointer_to(*place, *([self.part] if self.part else [])), self.code, self.message)


def read_value(question: Asked, value: Any) -> Any:
    """`value` in the form that is kept; None (no answer: unknown, never zero) stays None. Raises Unfit."""
    return None if value is None else _READERS[QuestionKind(question.kind)](question, value)


def pointer_to(*parts: str) -> str:
    """JSON pointer to a place below the body's root."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def comment_faults(codes: Collection[str], comments: Mapping[str, str], *, longest: int) -> list[Fault]:
    """What is wrong with comments by question code: unknown questions, wrong lengths, words about people."""
    faults = []
    for code, text in comments.items():
        pointer = pointer_to("comments", code)
        if code not in codes:
            faults.append(Fault(pointer, "unknown_question", "There is no question of this code here."))
        elif not text.strip() or len(text) > longest:
            faults.append(Fault(pointer, "wrong_length", f"A comment has 1 to {longest} characters."))
        elif suspicion := suspicion_in(text):
            faults.append(Fault(pointer, suspicion.code, suspicion.message))
    return faults


def number_of(question: Asked, value: Any) -> Decimal | None:
    """What an answer adds to a total: a number itself, 1 or 0 for yes or no; None where there is nothing to add."""
    if value is None:
        return None
    if question.kind == QuestionKind.COUNTS:
        return Decimal(sum(value.values()))
    if question.kind in {QuestionKind.NUMBER, QuestionKind.SHARE, QuestionKind.YES_NO}:
        return Decimal(str(int(value) if isinstance(value, bool) else value))
    return None


def has_jumped(question: Asked, before: Any, now: Any) -> bool:
    """Whether a figure moved so far from last year's that it needs words."""
    if question.jump_share is None or before is None or now is None:
        return False
    old, new = number_of(question, before), number_of(question, now)
    if old is None or new is None or old == new:
        return False
    return old == 0 or abs(new - old) / old > question.jump_share


def faults_of(questions: Iterable[Asked], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """The given values in the form that is kept, and every fault with its pointer below `/answers`."""
    asked = {question.code: question for question in questions}
    kept: dict[str, Any] = {}
    faults: list[Fault] = []
    for code, value in given.items():
        if code not in asked:
            message = "This section has no question of this code."
            faults.append(Fault(pointer_to("answers", code), "unknown_question", message))
            continue
        try:
            kept[code] = read_value(asked[code], value)
        except Unfit as unfit:
            faults.append(unfit.at("answers", code))
    return kept, faults


def is_asked(question: Asked, values: Mapping[str, Any]) -> bool:
    """Whether the answers so far make the question one to answer."""
    condition = question.condition
    return condition is None or values.get(condition["question"]) == condition["equals"]


def progress(questions: Iterable[Asked], values: Mapping[str, Any]) -> tuple[int, int]:
    """How many of the questions required with these answers are answered, and how many there are."""
    required = [question.code for question in questions if question.is_required and is_asked(question, values)]
    return sum(values.get(code) is not None for code in required), len(required)


def check(
    questions: Iterable[Asked],
    values: Mapping[str, Any],
    *,
    last_year: Mapping[str, Any] | None = None,
    comments: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Everything wrong or doubtful in a set of answers, in the order of the questions."""
    before, said = last_year or {}, comments or {}
    return [
        finding
        for question in questions
        for finding in (*_check_one(question, values), *_check_jump(question, values, before, said))
    ]


def _check_jump(
    question: Asked, values: Mapping[str, Any], before: Mapping[str, Any], said: Mapping[str, str]
) -> Iterable[Finding]:
    if has_jumped(question, before.get(question.code), values.get(question.code)) and not said.get(question.code):
        message = "This is far from last year's figure: say why in a comment, or put it right."
        yield Finding("error", question.code, "jump_needs_comment", message)


def _check_one(question: Asked, values: Mapping[str, Any]) -> Iterable[Finding]:
    value, asked = values.get(question.code), is_asked(question, values)
    if value is None and asked:
        level, code = ("error", "missing") if question.is_required else ("warning", "unanswered")
        yield Finding(level, question.code, code, "This question has no answer.")
    elif value is not None and not asked:
        yield Finding("warning", question.code, "not_asked", "With the other answers this question is not asked.")
    bound = values.get(question.at_most) if question.at_most else None
    if value is not None and bound is not None and value > bound:
        message = f"This can't be more than the answer to {question.at_most}."
        yield Finding("error", question.code, "above_other_answer", message)


def _number(question: Asked, value: Any) -> int | float:
    return _counted(question, _in_unit(question, value))


def _in_unit(question: Asked, value: Any) -> Any:
    """A figure may say its unit, `{"value": 12, "unit": "EUR"}`, so that no system sends another by mistake."""
    if not isinstance(value, dict) or value.keys() != {"value", "unit"} or not question.unit:
        return value
    if value["unit"] != question.unit:
        raise Unfit("wrong_unit", f"This question is answered in {question.unit}.", part="unit")
    return value["value"]


def _counted(question: Asked, value: Any) -> int | float:
    number = _decimal(value)
    minimum = question.minimum if question.minimum is not None else 0
    maximum = question.maximum if question.maximum is not None else MAX_NUMBER
    return _bounded(number, minimum, maximum, question.decimals)


def _share(question: Asked, value: Any) -> int | float:
    return _bounded(_decimal(value), 0, 1, SHARE_PLACES)


def _decimal(value: Any) -> Decimal:
    # A bool is an int to Python, and "12" is no number: a guess here would be a wrong total later.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unfit("wrong_type", "This question takes a number.")
    return Decimal(str(value))


def _bounded(number: Decimal, minimum: Decimal | int, maximum: Decimal | int, places: int) -> int | float:
    if not number.is_finite() or not minimum <= number <= maximum:
        raise Unfit("out_of_range", f"The number lies between {minimum} and {maximum}.")
    if number != round(number, places):
        raise Unfit("too_precise", f"At most {places} decimal places." if places else "A whole number.")
    return int(number) if number == int(number) else float(number)


def _date(question: Asked, value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("wrong_type", "This question takes a day as YYYY-MM-DD.")
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise Unfit("wrong_format", "This question takes a day as YYYY-MM-DD.") from error
    if day.isoformat() != value:  # ISO 8601 has other spellings of a day; one is enough
        raise Unfit("wrong_format", "This question takes a day as YYYY-MM-DD.")
    if not EARLIEST <= day <= LATEST:
        raise Unfit("out_of_range", f"The day lies between {EARLIEST} and {LATEST}.")
    return day.isoformat()


def _choice(question: Asked, value: Any) -> str | list[str]:
    known = {option["code"] for option in question.options}
    chosen = value if question.is_multiple else [value]
    if not isinstance(chosen, list) or not all(isinstance(one, str) for one in chosen):
        raise Unfit("wrong_type", "This question takes a list of codes." if question.is_multiple else "Takes one code.")
    if not known.issuperset(chosen):
        raise Unfit("unknown_option", "The options are: " + ", ".join(sorted(known)) + ".")
    return sorted(set(chosen)) if question.is_multiple else chosen[0]


def _text(question: Asked, value: Any) -> str | None:
    if not isinstance(value, str):
        raise Unfit("wrong_type", "This question takes text.")
    text = value.strip()
    if len(text) > MAX_TEXT:
        raise Unfit("too_long", f"At most {MAX_TEXT} characters.")
    if suspicion := suspicion_in(text):
        raise Unfit(suspicion.code, suspicion.message)
    return text or None


def _counts(question: Asked, value: Any) -> dict[str, int] | None:
    if not isinstance(value, dict):
        raise Unfit("wrong_type", "This question takes a whole number for each option.")
    known = [option["code"] for option in question.options]
    if not set(known).issuperset(value):
        raise Unfit("unknown_option", "The options are: " + ", ".join(sorted(known)) + ".")
    # An option without a number is unknown; one that was counted and is none says 0.
    read = {code: int(_counted(question, value[code])) for code in known if value.get(code) is not None}
    return read or None


def _file(question: Asked, value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError) as error:
        raise Unfit("wrong_type", "This question takes the id of a file that was sent to this report.") from error


def _yes_no(question: Asked, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit("wrong_type", "This question takes true or false.")
    return value


_READERS = {
    QuestionKind.NUMBER: _number,
    QuestionKind.SHARE: _share,
    QuestionKind.DATE: _date,
    QuestionKind.CHOICE: _choice,
    QuestionKind.TEXT: _text,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.COUNTS: _counts,
    QuestionKind.FILE: _file,
}
