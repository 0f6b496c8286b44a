"""A district's data gone through row by row: what is wrong with it, and what can be mended."""

from planner.analysis.data_check.check import AS_PROBLEMS, DataCheck, check_data
from planner.analysis.data_check.mends import MENDS, Mended, mend_data
from planner.analysis.data_check.problem import Problem

__all__ = ["AS_PROBLEMS", "MENDS", "DataCheck", "Mended", "Problem", "check_data", "mend_data"]
