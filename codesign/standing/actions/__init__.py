"""Every move of a membership, one public function each."""

from codesign.standing.actions.apply import enter_company, submit, submit_plan, withdraw
from codesign.standing.actions.deciding import NotRipe, Word
from codesign.standing.actions.expire import expire
from codesign.standing.actions.join import (
    confirm_signatory,
    issue_fee,
    record_payment,
    record_waiver,
    sign_agreement,
    take_back,
)
from codesign.standing.actions.leave import dissolve, merge, resign
from codesign.standing.actions.measures import reinstate, suspend, terminate
from codesign.standing.actions.receipts import AmbiguousPayment, enter_receipts
from codesign.standing.actions.review import approve, reject, request_changes

__all__ = [
    "AmbiguousPayment",
    "NotRipe",
    "Word",
    "approve",
    "confirm_signatory",
    "dissolve",
    "enter_company",
    "enter_receipts",
    "expire",
    "issue_fee",
    "merge",
    "record_payment",
    "record_waiver",
    "reinstate",
    "reject",
    "request_changes",
    "resign",
    "sign_agreement",
    "submit",
    "submit_plan",
    "suspend",
    "take_back",
    "terminate",
    "withdraw",
]
