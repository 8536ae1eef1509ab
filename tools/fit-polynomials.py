#!/usr/bin/env python3
"""Fits the polynomials of packages/unrolled/kernels/math.h and prints them with their error: python3 tools/fit-polynomials.py

Each is a minimax fit of the relative error (Lawson's iteration: weighted least squares whose weights grow where the error is large).
The leading terms are fixed at exact numbers; what is left is rounded to float32 from the lowest power up, refitting the rest each time.
"""

import numpy as np


def lawson(basis, target, scale):
    """Coefficients c that minimize max |basis·c − target| · scale."""
    weights = np.ones_like(target)
    best, best_error = None, np.inf
    for _ in range(400):
        w = np.sqrt(weights) * scale
        c = np.linalg.lstsq(basis * w[:, None], target * w, rcond=None)[0]
        error = np.abs(basis @ c - target) * scale
        if error.max() < best_error:
            best, best_error = c, error.max()
        weights *= error / error.max() + 1e-12
        weights /= weights.sum()
    return best


def fit(name, f, leading, degree, low, high):
    """f(x) ≈ Σ leading[i]·x^i + x^len(leading) · p(x), p of this degree, in float32 coefficients."""
    x = np.cos(np.linspace(0, np.pi, 4001)) * (high - low) / 2 + (high + low) / 2
    x = x[np.abs(x) > 1e-4]
    exact = f(x)
    start = len(leading)
    rest = exact - sum(c * x**i for i, c in enumerate(leading))
    coefficients = []
    for k in range(degree + 1):
        powers = np.arange(start + k, start + degree + 1)
        c = lawson(x[:, None] ** powers, rest, 1 / np.abs(exact))
        rounded = np.float32(c[0])
        coefficients.append(rounded)
        rest = rest - float(rounded) * x ** (start + k)
    print(f"{name}: relative error {np.abs(rest / exact).max() * 2**24:.3f} · 2^-24 on [{low:.4f}, {high:.4f}]")
    for k, c in enumerate(coefficients):
        print(f"  x^{start + k}: {c:.9g}f")


fit("exp(x) - 1", np.expm1, [0, 1, 0.5], 3, -np.log(2) / 2 * 1.01, np.log(2) / 2 * 1.01)
fit("log(1 + x)", np.log1p, [0, 1, -0.5], 7, np.sqrt(0.5) - 1, np.sqrt(2) - 1)

LN2 = np.log(np.longdouble(2))
high = np.float32(np.frombuffer(np.uint32(np.float32(LN2).view(np.uint32) & 0xFFFF8000).tobytes(), np.float32)[0])
print(f"ln 2 = {high:.9g}f + {np.float32(LN2 - np.longdouble(high)):.9g}f; the first has 9 bits, so that n times it is exact")
