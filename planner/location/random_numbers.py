"""Random numbers of the compiled searches: one generator whose state is an array."""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel

__all__ = ["below", "uniform"]


@kernel
def _bits(state):
    """Give the next 64 bits of a state (1,) u8, not 0: xorshift64* (Marsaglia 2003, Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return x * np.uint64(2685821657736338717)


@kernel
def below(state, n):
    """Draw a whole number from 0 to n − 1."""
    return np.int64(_bits(state) >> np.uint64(33)) % n


@kernel
def uniform(state):
    """Draw a number in [0, 1)."""
    return (_bits(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
