"""Writes countries.csv from CLDR names, IANA zones and UN M49; run by hand when one of them changes.

python members/data/make_countries.py        (needs Babel and tzdata)
"""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel import __version__ as babel_version
from tzdata import IANA_VERSION

HERE = Path(__file__).parent
LANGUAGES = ("en", "fr", "nl", "de", "es")

# UN M49 subregions (unstats.un.org/unsd/methodology/m49), each filed under a region of the network.
M49 = {
    ("Northern Africa", "middle-east-and-north-africa"): "DZ EG LY MA SD TN EH",
    ("Western Asia", "middle-east-and-north-africa"): "BH IQ IL JO KW LB OM PS QA SA SY AE YE",
    # M49 counts these to Western Asia; the network files Türkiye under Europe, and like it they are
    # member states of the Council of Europe.
    ("Western Asia, Council of Europe", "europe"): "AM AZ CY GE TR",
    # "Eastern Europe & Central Asia": the network's own filing of Uzbekistan, followed for its neighbours.
    ("Central Asia", "europe"): "KZ KG TJ TM UZ",
    ("Eastern Africa", "sub-saharan-africa"): ("IO BI KM DJ ER ET TF KE MG MW MU YT MZ RE RW SC SO SS UG TZ ZM ZW"),
    ("Middle Africa", "sub-saharan-africa"): "AO CM CF TD CG CD GQ GA ST",
    ("Southern Africa", "sub-saharan-africa"): "BW SZ LS NA ZA",
    ("Western Africa", "sub-saharan-africa"): "BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG",
    ("Caribbean", "americas"): ("AI AG AW BS BB BQ VG KY CU CW DM DO GD GP HT JM MQ MS PR BL KN LC MF VC SX TT TC VI"),
    ("Central America", "americas"): "BZ CR SV GT HN MX NI PA",
    ("South America", "americas"): "AR BO BV BR CL CO EC FK GF GY PY PE GS SR UY VE",
    ("Northern America", "americas"): "BM CA GL PM US",
    ("Eastern Asia", "asia-and-the-pacific"): "CN HK MO TW KP JP MN KR",
    ("South-eastern Asia", "asia-and-the-pacific"): "BN KH ID LA MY MM PH SG TH TL VN",
    ("Southern Asia", "asia-and-the-pacific"): "AF BD BT IN IR MV NP PK LK",
    ("Oceania", "asia-and-the-pacific"): (
        "AU CX CC HM NZ NF FJ NC PG SB VU GU KI MH FM NR MP PW UM AS CK PF NU PN WS TK TO TV WF"
    ),
    ("Eastern Europe", "europe"): "BY BG CZ HU PL MD RO RU SK UA",
    ("Northern Europe", "europe"): "AX DK EE FO FI GG IS IE IM JE LV LT NO SJ SE GB",
    ("Southern Europe", "europe"): "AL AD BA HR GI GR VA IT MT ME MK PT SM RS SI ES XK",
    ("Western Europe", "europe"): "AT BE FR DE LI LU MC NL CH",
    ("none", ""): "AQ",
}
EU = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())

# zone.tab lists zones by geography: where its first is not that of the capital.
CAPITAL_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "PS": "Asia/Hebron",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
    # Not in zone.tab: two uninhabited territories and a code that users assign themselves.
    "BV": "Europe/Oslo",
    "HM": "Indian/Kerguelen",
    "XK": "Europe/Belgrade",
}


def zones() -> dict[str, str]:
    """The first zone of each country in IANA's zone.tab, that of the capital where they differ."""
    found: dict[str, str] = {}
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            found.setdefault(code, zone)
    return found | CAPITAL_ZONES


def network_regions() -> dict[str, str]:
    """Country → region as the network's own list has it; these rows win over M49."""
    with (HERE / "member_groups.csv").open(encoding="utf-8", newline="") as handle:
        return {row["iso2"]: row["ecpat_region_2024"].lower().replace(" ", "-") for row in csv.DictReader(handle)}


def main() -> None:
    """Write the file, one row per country, sorted by code."""
    names = {language: Locale(language).territories for language in LANGUAGES}
    subregions = {code: key for key, codes in M49.items() for code in codes.split()}
    own, zone_of = network_regions(), zones()
    with (HERE / "countries.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["code", *(f"name_{language}" for language in LANGUAGES), "region", "zone", "is_eu", "source"])
        for code, (subregion, region) in sorted(subregions.items()):
            basis = "the network's list of members" if code in own else f"UN M49 ({subregion})"
            source = f"names: CLDR (Babel {babel_version}); zone: IANA {IANA_VERSION}; region: {basis}"
            row = [names[language][code] for language in LANGUAGES]
            writer.writerow([code, *row, own.get(code, region), zone_of[code], "1" if code in EU else "0", source])


if __name__ == "__main__":
    main()
