"""Keeps persons and cases out of free text: an answer describes what a company does, never what somebody saw.

A small net on purpose: addresses, phone numbers, people by title and surname, and sentences that tell
of one person and one event. It errs on the side of refusing; the refusal points to the reporting channel
and never repeats the text. Pure functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from registry.kernel.text import search_key

CHANNELS_URL = "/api/v1/reporting-channels/"


@dataclass(frozen=True)
class Suspicion:
    """Why a text is refused: stable code and sentence, without a word of the text."""

    code: str
    message: str


PERSON = Suspicion(
    "looks_like_a_person",
    "This looks like a name, an e-mail address or a phone number. Answers never name a person; nothing was kept. "
    f"If it concerns a suspicion, report it at the channel of your country: {CHANNELS_URL}",
)
CASE = Suspicion(
    "looks_like_a_case",
    "This looks like the description of a case. The register never holds one; nothing was kept. In immediate "
    f"danger call the police; report what you saw at the channel of your country: {CHANNELS_URL}",
)

_MAIL = re.compile(r"[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+(?:\.|\s*\(dot\)\s*|\s*\[dot\]\s*)\w", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.,/-])\+?\(?\d[\d\s().,/\u00a0\u202f-]{5,}\d(?!\w)")
# What else has many digits: days, spans or lists of years, and grouped amounts.
_NOT_A_PHONE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}"
    r"|(?:19|20)\d{2}(?:[\s,/–-]+(?:19|20)\d{2})*"
    r"|[1-9]\d{0,2}(?:[\s.,\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|[1-9]\d*(?:[.,]\d{1,2})?"
)
_TITLED = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s|[Mm]iss|[Dd]r|[Mm]|[Mm]me|[Mm]lle|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|[Hh]err|[Ff]rau|[Dd]hr"
    r"|[Mm]evr|[Mm]evrouw|[Mm]eneer|[Mm]ijnheer|[Ss]r|[Ss]ra|[Ss]eñora?"
    r"|named|called|nommée?|prénommée?|appelée?|genaamd|namens|geheten|namens|llamad[oa]|Name ist|[Hh]eißt)\b"
    r"\.?\s+(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-])[A-ZÀ-ÖØ-Þ]"
)

# One individual who could be a victim or a suspect, folded by `search_key`. Plurals stay out: "children" is policy.
_INDIVIDUALS = (
    "girl|boy|victim|suspect|perpetrator|offender|minor|a child|the child|year old|guest|client|man|woman"
    "|fille|fillette|garcon|victime|auteur|mineure?|un enfant|l enfant|une enfant|ans|homme|femme"
    "|meisje|jongen|slachtoffer|verdachte|dader|minderjarige|een kind|het kind|jaar oud|jarige?|gast|klant|vrouw"
    "|madchen|junge|opfer|verdachtiger?|tater|minderjahrige|ein kind|das kind|jahre alt|mann|frau"
    "|nina|nino|victima|sospechoso|agresor|menor|un menor|anos|huesped|cliente|hombre|mujer"
)
# What was seen or done, in forms that tell of an event rather than of a rule.
_EVENTS = (
    "saw|was seen|were seen|noticed|witnessed|abused|molested|raped|assaulted|touched|fondled|kissed|filmed"
    "|photographed|arrested|took her|took him|brought her|brought him|in room|his room|her room|room \\d+"
    "|a vu|avons vu|ai vu|a ete vue?|remarque|temoin|abusee?|violee?|agressee?|touchee?|filmee?|photographiee?|arretee?"
    "|dans sa chambre|chambre \\d+"
    "|zag|zagen|gezien|opgemerkt|misbruikt|verkracht|aangerand|aangeraakt|gefilmd|gefotografeerd|gearresteerd"
    "|op zijn kamer|op haar kamer|kamer \\d+"
    "|sah|sahen|gesehen|bemerkt|missbraucht|vergewaltigt|belastigt|beruhrt|gefilmt|fotografiert|verhaftet"
    "|auf seinem zimmer|auf ihrem zimmer|zimmer \\d+"
    "|vio|vimos|fue vista|fue visto|noto|abusada|abusado|abuso de|violada|violado|agredida|agredido|toco|filmo"
    "|fotografio|detenido|detenida|en su habitacion|habitacion \\d+"
)
_INDIVIDUAL = re.compile(rf"\b(?:{_INDIVIDUALS})\b")
_EVENT = re.compile(rf"\b(?:{_EVENTS})\b")
_SENTENCES = re.compile(r"[.!?;\n]+(?:\s|$)")


def suspicion_in(text: str) -> Suspicion | None:
    """Why `text` can't be kept as an answer or a comment; None when nothing speaks against it."""
    if _tells_a_case(text):
        return CASE
    if _MAIL.search(text) or _TITLED.search(text) or _holds_a_phone(text):
        return PERSON
    return None


def _holds_a_phone(text: str) -> bool:
    for candidate in _DIGITS.findall(text):
        # A list of amounts is no phone number: "5 000, 12 000".
        for part in re.split(r"[,/]\s", candidate):
            digits = re.sub(r"\D", "", part)
            if 8 <= len(digits) <= 15 and not _NOT_A_PHONE.fullmatch(part.strip(" .,()")):
                return True
    return False


def _tells_a_case(text: str) -> bool:
    """Whether one sentence, or two neighbours, name one individual and one event."""
    sentences = [search_key(sentence) for sentence in _SENTENCES.split(text)]
    pairs = [" ".join(pair) for pair in pairwise(sentences)] or sentences
    return any(_INDIVIDUAL.search(pair) and _EVENT.search(pair) for pair in pairs)
