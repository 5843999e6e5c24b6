"""The smallest plan against brute force on small cases."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from codesign.training.smallest import fewest_sessions, need

small = st.integers(0, 8)
targets = st.sampled_from([Decimal(t) for t in ("0", "0.33", "0.5", "0.8", "0.95", "1")])


@settings(max_examples=50, deadline=None, derandomize=True)
@given(valid=small, due=small, in_grace=small, unknown=small, target=targets)
def test_no_smaller_number_of_people_reaches_the_target(valid, due, in_grace, unknown, target):
    denominator = valid + due + unknown

    found = need(valid=valid, denominator=denominator, due=due, in_grace=in_grace, target=target)

    reaching = [
        a + b for a, b in product(range(due + 1), range(in_grace + 1)) if valid + a + b >= target * (denominator + b)
    ]
    assert found.is_reachable == bool(reaching)
    assert found.due + found.in_grace == (min(reaching) if reaching else due + in_grace)
    assert (found.due <= due, found.in_grace <= in_grace) == (True, True)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    groups=st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(0, 4), st.integers(0, 5)), max_size=3),
    seats=st.integers(1, 4),
    share=st.integers(0, 10),
)
def test_no_other_choice_needs_fewer_sessions(groups, seats, share):
    available = sum(optional for _, optional in groups.values())
    wanted = available * share // 10

    taken = fewest_sessions(groups, wanted=wanted, seats=seats)

    def sessions(choice):
        return sum(-(-(groups[name][0] + some) // seats) for name, some in choice.items())

    every = (
        dict(zip(groups, choice, strict=True))
        for choice in product(*(range(optional + 1) for _, optional in groups.values()))
    )
    fewest = min(sessions(choice) for choice in every if sum(choice.values()) == wanted)
    assert all(taken[name] <= optional for name, (_, optional) in groups.items())
    assert (sum(taken.values()), sessions(taken)) == (wanted, fewest)
