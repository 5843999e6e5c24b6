"""The annual self-report: years, questionnaires, who owes one, answers, review, snapshots."""
