"""Which channel comes first for a report, and why. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

from registry.kernel.calendar import add_months

CHECK_MONTHS = 6
_CONTACT = re.compile(r"https?://[^\s/]+\.[^\s]+|tel:\+?[0-9]{2,15}")


class ChannelKind(TextChoices):
    """Who is at the other end."""

    EMERGENCY = "emergency", "Emergency number"
    POLICE = "police", "Police"
    NGO_FORM = "ngo_form", "Form of an organisation"
    POLICE_AND_PROSECUTOR = "police_and_prosecutor", "Police and prosecutor"
    CHILD_HELPLINE = "child_helpline", "Child helpline"
    HOTLINE = "hotline", "Hotline"
    CSAM_ONLINE = "csam_online", "Hotline for abuse material online"
    ROUTER = "router", "Router to the line of a country"


class ChannelAbout(TextChoices):
    """What is reported."""

    TRAVEL = "travel", "Something seen while travelling or at work in tourism"
    ONLINE = "online", "Something seen online"


class ChannelReason(TextChoices):
    """Why a channel is offered, in the order of the offer."""

    IMMEDIATE_DANGER = "immediate_danger", "Immediate danger"
    COUNTRY_OF_EVENT = "country_of_event", "Country where it happened"
    COUNTRY_OF_RESIDENCE = "country_of_residence", "Country of residence"
    HELPLINE_OF_AREA = "helpline_of_area", "Helpline of the area"
    ONLINE_ANYWHERE = "online_anywhere", "Material online"
    ROUTER = "router", "All other countries"


ORDER = {reason: place for place, reason in enumerate(ChannelReason)}

SENTENCES: dict[ChannelReason, dict[str, str]] = {
    ChannelReason.IMMEDIATE_DANGER: {
        "en": "A child is in danger now: call the police of the country where it happens.",
        "fr": "Un enfant est en danger maintenant : appelez la police du pays où cela se passe.",
        "nl": "Een kind is nu in gevaar: bel de politie van het land waar het gebeurt.",
        "de": "Ein Kind ist jetzt in Gefahr: Rufen Sie die Polizei des Landes, in dem es geschieht.",
        "es": "Un niño está en peligro ahora: llame a la policía del país donde ocurre.",
    },
    ChannelReason.COUNTRY_OF_EVENT: {
        "en": "The line of the country where it happened.",
        "fr": "La ligne du pays où cela s'est passé.",
        "nl": "Het meldpunt van het land waar het gebeurde.",
        "de": "Die Meldestelle des Landes, in dem es geschah.",
        "es": "La línea del país donde ocurrió.",
    },
    ChannelReason.COUNTRY_OF_RESIDENCE: {
        "en": "The line of the country where you live: it takes reports about events abroad.",
        "fr": "La ligne du pays où vous vivez : elle reçoit les signalements de faits à l'étranger.",
        "nl": "Het meldpunt van het land waar u woont: het neemt meldingen over feiten in het buitenland aan.",
        "de": "Die Meldestelle des Landes, in dem Sie wohnen: Sie nimmt Meldungen über Taten im Ausland an.",
        "es": "La línea del país donde vive: recibe avisos sobre hechos en el extranjero.",
    },
    ChannelReason.HELPLINE_OF_AREA: {
        "en": "A number of the European Union, in service country by country.",
        "fr": "Un numéro de l'Union européenne, en service selon les pays.",
        "nl": "Een nummer van de Europese Unie, per land in dienst.",
        "de": "Eine Nummer der Europäischen Union, je nach Land in Betrieb.",
        "es": "Un número de la Unión Europea, en servicio según el país.",
    },
    ChannelReason.ONLINE_ANYWHERE: {
        "en": "For material online, wherever it is hosted.",
        "fr": "Pour des contenus en ligne, où qu'ils soient hébergés.",
        "nl": "Voor online materiaal, waar het ook gehost wordt.",
        "de": "Für Material im Netz, wo immer es liegt.",
        "es": "Para material en línea, dondequiera que esté alojado.",
    },
    ChannelReason.ROUTER: {
        "en": "Leads to the line of every other country.",
        "fr": "Mène à la ligne de chaque autre pays.",
        "nl": "Leidt naar het meldpunt van elk ander land.",
        "de": "Führt zur Meldestelle jedes anderen Landes.",
        "es": "Lleva a la línea de cualquier otro país.",
    },
}


def check_due(checked_on: date) -> date:
    """The day from which a channel last checked then counts as unchecked: six months later."""
    return add_months(checked_on, CHECK_MONTHS)


def is_contact(text: str) -> bool:
    """Whether it is a web address or a telephone number.

    >>> is_contact("tel:116111"), is_contact("javascript:alert(1)")
    (True, False)
    """
    return _CONTACT.fullmatch(text) is not None


def rank(reason: ChannelReason, *, is_stale: bool) -> tuple[bool, int]:
    """Place of a choice in the offer: unchecked ones come after the router.

    Not the emergency number: a child in danger is no moment to be sent to a router first.
    """
    demoted = is_stale and reason not in {ChannelReason.IMMEDIATE_DANGER, ChannelReason.ROUTER}
    return demoted, ORDER[reason]


@dataclass(frozen=True)
class Place:
    """A country as routing sees it."""

    code: str
    is_eu: bool


def reason_for(
    *, kind: str, country: str | None, is_eu_wide: bool, event: Place, residence: Place | None
) -> ChannelReason | None:
    """Why a channel serves a report; None when it does not."""
    if kind == ChannelKind.ROUTER:
        return ChannelReason.ROUTER
    if kind == ChannelKind.EMERGENCY:
        # An emergency number helps only where the danger is.
        return ChannelReason.IMMEDIATE_DANGER if country == event.code or (is_eu_wide and event.is_eu) else None
    if country == event.code:
        return ChannelReason.COUNTRY_OF_EVENT
    if residence is not None and country == residence.code:
        return ChannelReason.COUNTRY_OF_RESIDENCE
    if is_eu_wide:
        return ChannelReason.HELPLINE_OF_AREA if event.is_eu else None
    if country is None and kind == ChannelKind.CSAM_ONLINE:
        return ChannelReason.ONLINE_ANYWHERE
    return None
