"""Staff and their trainings go with their company when its organisation is merged into another."""

from __future__ import annotations

from members.organisations.relations import register

register("codesign.StaffMember", "company")
register("codesign.Course", "company")
register("codesign.HeadCountSession", "company")
register("codesign.StatusTile", "company")
register("codesign.TrainingSession", "company")
register("codesign.TrainingSession", "trainer")
# Derived: those of the source go with its company, those of the target are counted anew.
register("codesign.CoverageCount", "company", stays=True)
