"""What esda's random draws say of Moran's I and of LISA, from and to JSON."""

import json
import sys

import esda
import esda.crand
import numpy as np
from libpysal.weights import W


def main() -> None:
    """Answer the question on stdin."""
    question = json.load(sys.stdin)
    values, a, b = (np.array(question[name]) for name in ("values", "a", "b"))
    permutations = question["permutations"]
    # the name numba has for the type; NumPy does not know it where nothing is compiled
    esda.crand.boolean = bool
    weights = W({n: b[a == n].tolist() for n in range(len(values))}, silence_warnings=True)
    np.random.seed(question["seed"])  # noqa: NPY002 - esda draws from there
    whole = esda.Moran(values, weights, permutations=permutations)
    local = esda.Moran_Local(values, weights, permutations=permutations, seed=question["seed"])
    # esda's own p loses, by rounding, draws that equal what was found: many rates are the same here
    apart = local.sim.T - local.Is[:, None]
    rarer = np.minimum((apart >= -1e-9).sum(axis=1), (apart <= 1e-9).sum(axis=1))
    json.dump(
        {
            "i": whole.I,
            "z": whole.z_sim,
            "p": whole.p_sim,
            "local_i": local.Is.tolist(),
            "local_p": ((rarer + 1) / (permutations + 1)).tolist(),
            "quadrant": local.q.tolist(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
