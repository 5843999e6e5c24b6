"""Every move of a membership, one public function each."""

from codesign.standing.actions.appeals import lodge_appeal, turn_down_appeal, uphold_appeal, withdraw_appeal
from codesign.standing.actions.apply import enter_company, submit, submit_plan, withdraw
from codesign.standing.actions.deciding import NotRipe, Word
from codesign.standing.actions.expire import expire
from codesign.standing.actions.join import (
    confirm_signatory,
    issue_fee,
    pay_back,
    record_payment,
    record_waiver,
    renew_agreement,
    sign_agreement,
    take_back,
)
from codesign.standing.actions.leave import dissolve, merge, resign
from codesign.standing.actions.measures import reinstate, suspend, terminate
from codesign.standing.actions.proposals import dismiss, propose, propose_by_rule
from codesign.standing.actions.receipts import AmbiguousPayment, enter_receipts
from codesign.standing.actions.review import approve, reject, request_changes
from codesign.standing.actions.reviews import conclude, hear

__all__ = [
    "AmbiguousPayment",
    "NotRipe",
    "Word",
    "approve",
    "conclude",
    "confirm_signatory",
    "dismiss",
    "dissolve",
    "enter_company",
    "enter_receipts",
    "expire",
    "hear",
    "issue_fee",
    "lodge_appeal",
    "merge",
    "pay_back",
    "propose",
    "propose_by_rule",
    "record_payment",
    "record_waiver",
    "reinstate",
    "reject",
    "renew_agreement",
    "request_changes",
    "resign",
    "sign_agreement",
    "submit",
    "submit_plan",
    "suspend",
    "take_back",
    "terminate",
    "turn_down_appeal",
    "uphold_appeal",
    "withdraw",
    "withdraw_appeal",
]
