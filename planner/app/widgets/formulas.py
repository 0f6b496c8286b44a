"""Formulas of the figures, in LaTeX, for the help and for the definition of each figure."""

from __future__ import annotations

import re

from planner.views.words.labels import Labels

FORMULAS = {
    "distance": r"d(h, f) = a_h + w(h, f) + a_f",
    "coverage": r"C = \frac{\sum_{h:\, d_h \le L} p_h}{\sum_{h:\, d_h\ \mathrm{known}} p_h}",
    "unknown": r"\frac{P_{\le L}}{P} \;\le\; C \;\le\; \frac{P_{\le L} + P_{?}}{P}",
    "within": r"P_{\le L} = \sum_{h:\, d_h \le L} p_h",
    "beyond": r"P_{> L} = \sum_{h:\, d_h > L} p_h",
    "mean": r"\bar d = \frac{\sum_h p_h\, d_h}{\sum_h p_h}\,, \qquad d_h < \infty",
    "median": r"\min\{\, d : \textstyle\sum_{h:\, d_h \le d} p_h \ge \frac{1}{2}"
    r"\sum_{h:\, d_h < \infty} p_h \,\}",
    "complete": r"K = \frac{\sum_h p_h \prod_k [\, d_{h,k} \le L_k\, ]}{\sum_h p_h}",
    "mean_kinds": r"\frac{\sum_h p_h \sum_k [\, d_{h,k} \le L_k\, ]}{\sum_h p_h}",
    "benchmark": r"B_k = \frac{\#\{\mathrm{communities\_with}\ k\}}{\#\,\mathrm{communities}}",
    "detour": r"\mathrm{detour} = \frac{d(h, f)}{\lVert h - f \rVert}",
    "gap": r"G = \sum_{h:\, d_h > L} p_h",
    "links": r"\mathrm{gain}(\ell) = \sum_k \sum_h p_h\,"
    r"[\, d_{h,k} > L_k\,]\,[\, d^{+\ell}_{h,k} \le L_k\,]",
    "siting": r"\max_{S,\ |S| \le n} \sum_h p_h\,[\, \exists\, s \in S:\ d(h, s) \le L\,]",
    "bound": r"\mathrm{gap} = \frac{|U - Z|}{\max(|U|, |Z|)}",
    "budget": r"\max_A \sum_{a \in A} g_a \quad \mathrm{with} \quad \sum_{a \in A} c_a \le B",
    "score": r"S = 100 \cdot \frac{\sum_r w_r\, m_r}{\sum_r w_r}\,, \qquad 0 \le m_r \le 1",
    "load": r"\frac{\sum_{h \to f} p_h}{\mathrm{room}_f}",
    "equity": r"\mathrm{Gini} = 1 - 2 \int_0^1 \mathcal{L}(q)\, \mathrm{d}q",
}

_WORDS = re.compile(r"\\mathrm\{([a-zA-Z_\\]{2,})\}")


def formula(name: str, labels: Labels) -> str:
    r"""Return a formula of :data:`FORMULAS` with its words in the reader's language.

    Examples
    --------
    >>> formula("detour", Labels("zh")).split("=")[0]
    '\\text{绕行系数} '
    """

    def word(found: re.Match[str]) -> str:
        code = found[1].replace("\\", "").lower()
        return f"\\text{{{labels.message(f'app_method.formula_{code}')}}}"

    return _WORDS.sub(word, FORMULAS[name])
