"""Signs of Word's equations and what TeX calls them."""

_GREEK = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon", "varphi", "chi", "psi", "omega",
]  # fmt: skip
_CAPITALS = {"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma"}
_CAPITALS |= {"Φ": "Phi", "Ψ": "Psi", "Ω": "Omega"}
_NAMED = {
    "×": "times", "÷": "div", "·": "cdot", "⋅": "cdot", "±": "pm", "∓": "mp", "≤": "le", "≥": "ge", "≠": "ne",
    "≈": "approx", "≡": "equiv", "∼": "sim", "∞": "infty", "∈": "in", "∉": "notin", "⊂": "subset", "⊆": "subseteq",
    "∪": "cup", "∩": "cap", "∅": "varnothing", "∀": "forall", "∃": "exists", "∂": "partial", "∇": "nabla",
    "→": "to", "←": "leftarrow", "↔": "leftrightarrow", "⇒": "Rightarrow", "⇐": "Leftarrow", "⇔": "Leftrightarrow",
    "⟶": "longrightarrow", "⇌": "rightleftharpoons", "∠": "angle", "⊥": "perp", "∥": "parallel", "∘": "circ",
    "°": "degree", "…": "ldots", "⋯": "cdots", "⋮": "vdots", "⋱": "ddots", "∧": "wedge", "∨": "vee", "¬": "neg",
    "∖": "setminus", "ℝ": "mathbb{R}", "ℤ": "mathbb{Z}", "ℕ": "mathbb{N}", "ℚ": "mathbb{Q}", "ℂ": "mathbb{C}",
    "ϕ": "phi", "ϵ": "epsilon", "ϑ": "vartheta", "ℓ": "ell", "∆": "Delta", "∑": "sum", "∏": "prod", "∫": "int",
    "√": "surd", "△": "triangle", "□": "square", "≅": "cong", "∝": "propto", "≪": "ll", "≫": "gg",
}  # fmt: skip

#: One character of an equation to TeX. Letters and digits stand for themselves.
SIGNS: dict[str, str] = {
    **{chr(0x3B1 + place): f"\\{name} " for place, name in enumerate(_GREEK)},
    **{sign: f"\\{name} " for sign, name in (_CAPITALS | _NAMED).items()},
    **{sign: f"\\{sign}" for sign in "%#&_{}$"},
    "\\": "\\backslash ",
    "−": "-",
    "′": "'",
    "″": "''",
    "\u00a0": "\\ ",
    "\u2061": "",
    "\u2062": "",
    "\u200b": "",
    "^": "\\hat{}",
    "~": "\\sim ",
}
# An ampersand in an equation array aligns; elsewhere Word has no use for it.
SIGNS["&"] = "&"

N_ARY = {
    "∑": "\\sum", "∏": "\\prod", "∐": "\\coprod", "∫": "\\int", "∬": "\\iint", "∭": "\\iiint", "∮": "\\oint",
    "⋃": "\\bigcup", "⋂": "\\bigcap", "⋁": "\\bigvee", "⋀": "\\bigwedge",
}  # fmt: skip

ACCENTS = {
    "\u0302": "\\hat", "\u0303": "\\tilde", "\u0304": "\\bar", "\u0305": "\\overline", "\u0307": "\\dot",
    "\u0308": "\\ddot", "\u20d7": "\\vec", "\u20d1": "\\vec", "\u0301": "\\acute", "\u0300": "\\grave",
    "\u0306": "\\breve", "\u030c": "\\check", "¯": "\\bar", "^": "\\hat", "~": "\\tilde", "→": "\\vec",
}  # fmt: skip

#: What stands after \left and \right.
BARS_OF_DELIMITERS = {
    "{": "\\{", "}": "\\}", "‖": "\\|", "∥": "\\|", "⟨": "\\langle ", "⟩": "\\rangle ", "〈": "\\langle ",
    "〉": "\\rangle ", "⌈": "\\lceil ", "⌉": "\\rceil ", "⌊": "\\lfloor ", "⌋": "\\rfloor ", "∣": "|",
}  # fmt: skip

_FUNCTION_NAMES = [
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log",
    "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "gcd", "dim", "ker", "arg", "deg",
]  # fmt: skip
FUNCTIONS = {name: f"\\{name}" for name in _FUNCTION_NAMES} | {"tg": "\\tan", "cotg": "\\cot"}
