"""Kinds of initiatives, what organisations do in them, and whom they reach. Pure."""

from __future__ import annotations

from django.db.models import TextChoices


class InitiativeKind(TextChoices):
    """What sort of thing it is."""

    CAMPAIGN = "campaign", "Campaign"
    PROJECT = "project", "Project"
    TOOL = "tool", "Tool"
    PUBLICATION = "publication", "Publication"
    AWARD = "award", "Award received"
    RECOMMENDATION = "recommendation", "Recommendation"
    CALL_FOR_ACTION = "call_for_action", "Call for action"
    OBSERVANCE_DAY = "observance_day", "Observance day"


class InitiativeRole(TextChoices):
    """What an organisation is to an initiative. `issuer` gives an award, a recommendation or a call."""

    LEAD = "lead", "Lead"
    PARTNER = "partner", "Partner"
    SUPPORTER = "supporter", "Supporter"
    FUNDER = "funder", "Funder"
    ISSUER = "issuer", "Issuer"
    RECIPIENT = "recipient", "Recipient"


class Audience(TextChoices):
    """Whom an initiative or a training is for."""

    AIR_STAFF = "air_staff", "Airline crews and airport staff"
    CONSULAR_STAFF = "consular_staff", "Posted diplomats and consular staff"
    GUARDIAN = "guardian", "Guardians of unaccompanied minors"
    HOTEL_MANAGER = "hotel_manager", "Hotel managers"
    HOTEL_STAFF = "hotel_staff", "Hotel staff"
    LAWYER = "lawyer", "Lawyers"
    NGO_STAFF = "ngo_staff", "NGO staff and trainers"
    POLICE = "police", "Police officers"
    STUDENT = "student", "Students"
    TEACHER = "teacher", "Teachers"
    TOUR_STAFF = "tour_staff", "Staff of tour operators and agencies"
    TOURISM_PROFESSIONAL = "tourism_professional", "Tourism professionals"
    TOURISM_STUDENT = "tourism_student", "Students of tourism"
    TRANSPORT = "transport", "Transport and drivers"
    TRAVELLER = "traveller", "Travellers and the general public"
    YOUTH = "youth", "Young people"
