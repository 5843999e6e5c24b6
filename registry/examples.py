"""What the examples of answers say, by the name of the property: invented, and of one hotel and its representative."""

from __future__ import annotations

from typing import Any

from registry.kernel.api import examples

HOTEL = "Hotel Fictif Royal (DEMO)"
WORDS: dict[str, Any] = {
    "name": HOTEL,
    "title": "Train every employee in contact with guests",
    "display": HOTEL,
    "company": HOTEL,
    "country": "BE",
    "country_id": "BE",
    "code": "BE",
    "region": "europe",
    "zone": "Europe/Brussels",
    "language": "fr",
    "languages": ["fr", "nl"],
    "email": "reporting.officer@fictif-royal.example",
    "url": "/api/v1/companies/0190a5d0-0000-7000-8000-000000000001/",
    "rows": "/api/v1/members/?status=member&country=BE",
    "website": "https://fictif-royal.example/",
    "link": "https://fictif-royal.example/child-protection",
    "number": "TC-BE-00011",
    "reference": "BXL-0001",
    "year": 2026,
    "source": "Register of The Code.",
    "definition": "Companies whose membership was in force on the day.",
    "text": "A short and neutral text.",
    "note": "A short and neutral note.",
    "summary": "The clause for suppliers is with the lawyers.",
    "message": "This question has no answer.",
    "detail": "It has changed meanwhile.",
    "reason": "complete",
    "reason_code": "complete",
    "restored_by": "Submitting the report for 2026.",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "media_type": "application/pdf",
    "contact": "https://jedisstop.be/",
    "next": None,
    "previous": None,
    "names": {"en": HOTEL, "fr": "Hôtel Fictif Royal (DEMO)"},
    "by": {"country": "BE"},
    "answers": {"has_policy": True, "staff_trained": 25},
    "value": 8,
    "numerator": 8,
    "denominator": 10,
    "actor_label": "LCR Belgium",
    "action": "companies.create",
    "object_type": "company",
    "request_id": "5c481606543c42029ca299d4ac78cb25",
    "country_name": "Belgium",
    "confidence": "certain",
    "responsible_role": "director",
    "state": "active",
    "kind": "hotel",
    "place": "Brussels",
    "label": "Remind the company",
    "method": "POST",
    "item": "report_late:0190a5d0-0000-7000-8000-000000000003",
    "token": "cr_shown_once",
    "status": "valid",
    "question": "staff_trained",
    "pointer": "/answers/staff_trained",
    "last_year": 24,
    # By their last word.
    "*_by": "LCR Belgium",
    "*_label": "LCR Belgium",
    "*_name": HOTEL,
    "*_url": "https://fictif-royal.example/",
    "*_number": "TC-BE-00011",
    "*_share": "0.80",
    "*_code": "complete",
    "*_text": "A short and neutral text.",
    "*_role": "reporting_officer",
    "*_key": "fee-2026",
    "*_rows": "/api/v1/members/?status=member&country=BE",
    # Else a flag is shown as true.
    **dict.fromkeys(
        ("is_uncertain", "is_redacted", "suppressed", "is_flagged", "is_provisional", "is_below", "is_late"), False
    ),
    # What a reference to a row of a list shows.
    "companies": HOTEL,
    "organisations": "ECPAT Belgium",
    "sites": "Hotel Fictif Royal, Brussels",
    "code-memberships": "TC-BE-00011",
    "countries": "Belgium",
    "courses": "The Code: e-learning (DEMO)",
    "plan-actions": "Train every employee in contact with guests",
    "reports": "Hotel Fictif Royal (DEMO), 2026",
    "invoices": "INV-2026-00012",
}

# Where the same word means something else.
OWN: dict[str, dict[str, Any]] = {
    "Company": {"name": HOTEL, "standing": "good", "offers_residential_care": False, "site_count": 1},
    "CodeMembership": {"scheme": "the_code", "ended_on": None, "status_seen": "member"},
    "Country": {"name": "Belgium"},
    "Invoice": {"number": "INV-2026-00012", "reduction_code": "", "amount_eur": "300.00", "paid_on": None},
    "Figure": {"code": "code-members", "name": "Member companies of The Code", "dimensions": ["country", "category"]},
    "FigureAnswer": {
        "code": "code-members",
        "name": "Member companies of The Code",
        "dimensions": ["country", "category"],
        "by": ["country"],
    },
    "FigureCellAnswer": {"denominator": None, "numerator_rows": None, "unlisted": 0, "numerator_unlisted": None},
    "WorkAnswer": {"kind": "report_late", "reason": "The yearly report is overdue.", "weight": 65, "snoozed": None},
    "WorkCount": {"kind": "report_late", "reason": "The yearly report is overdue."},
    "ReadyCall": {
        "url": "/api/v1/worklist/nudge/",
        "body": {"item": "report_late:…"},
        "fill_in": [],
        "tag_from": None,
        "instead_of_nudge": None,
    },
    "ReportSectionAnswer": {"code": "criterion-2", "criterion_number": 2, "title": "Training of staff", "version": 3},
    "AnsweredQuestionAnswer": {
        "code": "staff_trained",
        "unit": "people",
        "text": "How many of them hold a valid training on the last day of the year?",
        "help": "",
        "is_multiple": False,
        "decimals": 0,
        "options": [],
        "value": 25,
        "comment": "",
        "origin": "",
    },
    "ReportFindingAnswer": {"code": "missing"},
    "OptionAnswer": {"code": "fr", "text": "French"},
    "Roster": {"state": "planned", "file_name": "staff.csv", "confirmed_at": None, "finished_at": None},
    "Course": {"code": "code-elearning-demo", "name": "The Code: e-learning (DEMO)"},
    "Staff": {"role": "front_desk"},
    "Contact": {"role": "reporting_officer"},
}


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The last hook of the contract: an example of every answer."""
    examples.attach(result, WORDS, OWN)
    return result
