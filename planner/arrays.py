"""Types of numpy arrays that tell the width of their numbers, one for the whole house.

Compiled kernels are compiled anew for each width, and an index that is stored in 32 bits and read
as 64 is a wrong number or a second compilation; so an annotation says which it is. Objects are
told by what they hold.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = [
    "F64",
    "I8",
    "I32",
    "I64",
    "U8",
    "Bool",
    "Objects",
    "Shapes",
    "Texts",
]

F64 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Bool = npt.NDArray[np.bool_]

Objects = npt.NDArray[np.object_]

Shapes = Objects
"""Shapely geometries."""

Texts = Objects
"""Strings of any length."""
