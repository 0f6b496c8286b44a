"""Linear and mixed-integer models handed to HiGHS as arrays, and what it proves about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from planner.arrays import F64, Bool
from planner.errors import WorkError
from planner.location.search import WALL_FACTOR

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from planner.location.search import Search

__all__ = ["Model", "Solved", "closed_bound", "quiet_highs"]


_TOLERANCE = 1e-7
"""Share of an objective by which HiGHS's own tolerances may move its bound."""
_LEAST = 1e-8
"""The same where the objective is next to nothing: HiGHS ends within 1e-9 of the best."""


def closed_bound(bound: float, objective: float) -> float:
    """Return the objective where a bound differs from it by the solver's tolerances only.

    That HiGHS calls an answer optimal is not enough: within its tolerances it may have counted on
    sites that cannot be had. Only a bound that meets what is really reached proves anything.
    """
    within = max(_TOLERANCE * abs(objective), _LEAST)
    return objective if abs(bound - objective) <= within else bound


def quiet_highs() -> Any:
    """Make a HiGHS that prints nothing, not even its name when it first starts."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> Any:  # noqa: N802
            self.setOptionValue("output_flag", False)
            return super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Quiet()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, eq=False)
class Solved:
    """What HiGHS found.

    Parameters
    ----------
    status
        ``"optimal"``, ``"infeasible"`` or ``"stopped"``.
    values
        (columns,) float64 of the best solution, None where there is none.
    bound
        No solution costs less; −inf where nothing is proven.
    """

    status: str
    values: F64 | None
    bound: float


@dataclass(frozen=True, eq=False)
class Model:
    """Least ``cost @ x`` with ``low <= matrix @ x <= high`` and x between its limits.

    Parameters
    ----------
    cost
        (columns,) float64.
    matrix
        CSR (rows, columns).
    low, high
        (rows,) float64, ±inf where there is no limit.
    upper
        (columns,) float64; the lower limit of every column is ``lower``, 0 where it is None.
    whole
        (columns,) bool, columns that must be whole numbers.
    lower
        (columns,) float64 or None.
    """

    cost: F64
    matrix: csr_array
    low: F64
    high: F64
    upper: F64
    whole: Bool
    lower: F64 | None = None

    def solve(
        self,
        search: Search,
        *,
        start: F64 | None = None,
        relaxed: bool = False,
        seconds: float = np.inf,
        nodes: int | None = None,
        presolve: bool = True,
    ) -> Solved:
        """Solve until optimal, out of time or cancelled.

        Parameters
        ----------
        search
            Says how much time is left and whether it was cancelled.
        start
            (columns,) float64, a solution to start from.
        relaxed
            Let whole columns be fractions.
        seconds
            Stop after as many processor seconds even where the search has more left.
        nodes
            Stop after as many nodes of the branch-and-bound tree; those of the search where none
            are given.
        presolve
            Let HiGHS make the question smaller first.

        Raises
        ------
        WorkError
            ``location.solver_failed`` where HiGHS refuses the model.
        """
        if not len(self.cost):
            return self._without_columns()
        import highspy

        solver = quiet_highs()
        most = search.solver_nodes if nodes is None else nodes
        until_s = search.spent_s + seconds
        # HiGHS knows the wall clock only; how long it has worked is looked up in its callbacks
        wall_s = min(search.wall_seconds_left, WALL_FACTOR * seconds, 1e9)
        for option, value in {
            # a number of threads would be refused once others in the process chose another
            "parallel": "off",
            "time_limit": max(wall_s, 0.0),
            "mip_max_nodes": 2**31 - 1 if most is None else most,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-9,
            "presolve": "choose" if presolve else "off",
            "random_seed": search.seed % (2**31 - 1),
        }.items():
            solver.setOptionValue(option, value)
        taken = solver.passModel(self._as_highs(highspy, relaxed=relaxed))
        if start is not None and not relaxed:
            known = highspy.HighsSolution()
            known.col_value = start
            solver.setSolution(known)

        def watch(event: Any) -> None:
            search.report("exact")
            if search.interrupted or search.spent_s >= until_s:
                event.interrupt()

        solver.cbMipInterrupt.subscribe(watch)
        solver.cbSimplexInterrupt.subscribe(watch)
        error = highspy.HighsStatus.kError
        failed = taken == error or solver.run() == error
        # where presolving leaves nothing to solve, what HiGHS makes of that or of a solution to
        # start from may be wrong (1.16): it is asked again without
        if presolve and (failed or (start is not None and self._only_echoes(highspy, solver))):
            left_s = max(until_s - search.spent_s, 0.0)
            return self.solve(search, relaxed=relaxed, seconds=left_s, nodes=nodes, presolve=False)
        if failed:
            raise WorkError("location.solver_failed", status=str(solver.getModelStatus()))
        return self._answer(highspy, solver, relaxed or not self.whole.any())

    def _without_columns(self) -> Solved:
        """Return what there is without a choice: HiGHS calls any such model empty, and optimal."""
        if (self.low > _TOLERANCE).any() or (self.high < -_TOLERANCE).any():
            return Solved("infeasible", None, np.inf)
        return Solved("optimal", np.empty(0), 0.0)

    def _as_highs(self, highspy: Any, *, relaxed: bool) -> Any:
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = self.matrix.shape
        lp.col_cost_ = self.cost
        lp.col_lower_ = np.zeros(len(self.cost)) if self.lower is None else self.lower
        lp.col_upper_ = self.upper
        lp.row_lower_, lp.row_upper_ = self.low, self.high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = self.matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = self.matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = self.matrix.data.astype(np.float64)
        if not relaxed:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(w)] for w in self.whole]
        return lp

    def _only_echoes(self, highspy: Any, solver: Any) -> bool:
        """Whether HiGHS calls a solution optimal whose cost is not the one that it tells.

        Where presolving leaves nothing to solve it may hand back the solution that it was given to
        start from, and say that this is optimal (1.16).
        """
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        told = solver.getInfo().objective_function_value
        real = float(self.cost @ np.array(solver.getSolution().col_value, np.float64))
        return bool(abs(told - real) > _TOLERANCE * max(1.0, abs(real)))

    def _answer(self, highspy: Any, solver: Any, is_lp: bool) -> Solved:
        found_status = solver.getModelStatus()
        status = highspy.HighsModelStatus
        if found_status in (status.kInfeasible, status.kUnboundedOrInfeasible):
            return Solved("infeasible", None, np.inf)
        info = solver.getInfo()
        found = info.primal_solution_status == highspy.kSolutionStatusFeasible
        values = np.array(solver.getSolution().col_value, np.float64) if found else None
        optimal = found_status == status.kOptimal
        bound = -np.inf if is_lp or not info.valid else info.mip_dual_bound
        if optimal and values is not None:
            # an optimal value is its own bound; what HiGHS tells of objective and dual bound may be
            # older than the proof where it was given a solution to start from
            bound = float(self.cost @ values)
        return Solved("optimal" if optimal else "stopped", values, float(bound))
