"""What may stand as an employee reference: a number or code of the company, nothing that names a person."""

from __future__ import annotations

import re

MAX_LENGTH = 40

_ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]*")
# What most companies have: a few letters and a number. None of the questions below could refuse it.
_PLAIN = re.compile(r"[A-Za-z]{1,5}[0-9]{1,35}|[0-9]{1,8}")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_TWO_WORDS = re.compile(r"[^\W\d_]{3,}[\s._/-]+[^\W\d_]{3,}")
_CAMEL_WORDS = re.compile(r"[A-Z][a-z]{2,}[A-Z][a-z]{2,}")

# Sentences only: no answer, log or mail repeats a refused value.
MESSAGES = {
    "looks_like_email": "This looks like an e-mail address. Send the company's own employee reference.",
    "looks_like_phone": "This looks like a phone number. Send the company's own employee reference.",
    "looks_like_name": "This looks like a name: a reference has a digit and no two words. Send a number or code.",
    "bad_reference": "A reference has 1 to 40 letters and digits, with . _ / # - between them and no blanks.",
}


def fault_of(text: str) -> str | None:
    """The code of what is wrong with `text` as an employee reference (a key of MESSAGES); None when nothing is.

    A caller that has no numbers of its own may count its people 001, 002, …
    """
    if _PLAIN.fullmatch(text):
        return None
    text = text.strip()
    if "@" in text:
        return "looks_like_email"
    if _is_phone(text):
        return "looks_like_phone"
    if _is_name(text):
        return "looks_like_name"
    if len(text) > MAX_LENGTH or not _ALLOWED.fullmatch(text):
        return "bad_reference"
    return None


def key_of(text: str) -> str:
    """What makes two references the same one: case is forgiven, blanks around it too."""
    return text.strip().casefold()


def _is_phone(text: str) -> bool:
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("+"):
        return digits[1:].isdecimal()
    if not digits.isdecimal():
        return False
    # 00… and 0… are dialled; more zeros in front are a padded employee number.
    international = re.fullmatch(r"00[1-9]\d{7,}", digits)
    national = re.fullmatch(r"0[1-9]\d{7,10}", digits)
    return bool(international or national or (digits != text and len(digits) >= 9))


def _is_name(text: str) -> bool:
    if text and not any(sign.isdecimal() for sign in text):
        return any(sign.isalpha() for sign in text)
    letters = sum(sign.isalpha() for sign in text)
    # Site and department codes stay under eight letters (BRU-FNB-012); first and last name rarely do.
    return bool((letters >= 8 and _TWO_WORDS.search(text)) or _CAMEL_WORDS.search(text))
