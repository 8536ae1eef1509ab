// exp, log, tanh, sigmoid and softplus on vectors: one polynomial each, fitted by tools/fit-polynomials.py.
//
// Only operations that IEEE 754 defines to the bit, so every build that fuses multiply-add gives the same bits.
// Bounds that hold in a sweep over every exponent and both signs, subnormal results included (test/kernels/math.test.ts):
//
//           with FMA   without (WASM SIMD128)
//   exp      1.1 ulp    1.5 ulp
//   log      1 ulp      1 ulp
//   tanh     2 ulp      2.5 ulp
//   sigmoid  2 ulp      2.5 ulp
//   softplus 2 ulp      2.5 ulp
//
// NaN stays NaN, ±∞ goes where it should, tanh(±0) = ±0, log(±0) = −∞, log of a negative number is NaN.

#pragma once
#include "simd.h"

namespace KERNELS {

constexpr float infinity = __builtin_inff();

/** x = n·ln 2 + r with |r| ≤ ln 2 / 2, for |x| < 2^14. Adding 1.5·2^23 rounds to an integer and leaves it in the low bits. */
struct Reduced {
  VI n;
  V r;
};
INLINE Reduced reduce_exp(V x) {
  const V shift = broadcast(12582912.0f);
  const V rounded = fma_(x, broadcast(1.44269502f), shift);
  const V n = rounded - shift;
  V r = fma_(n, broadcast(-0.69140625f), x);  // exact: 9 bits times 8 bits
  r = fma_(n, broadcast(-0.0017409306f), r);
  return {(VI)rounded - (VI)shift, r};
}

/** e^r − 1 for |r| ≤ ln 2 / 2: r + r²·p(r). */
INLINE V exp_minus_1_reduced(V r) {
  V p = broadcast(0.00139004295f);
  p = fma_(p, r, broadcast(0.00836673658f));
  p = fma_(p, r, broadcast(0.0416668393f));
  p = fma_(p, r, broadcast(0.166665435f));
  p = fma_(p, r, broadcast(0.5f));
  return fma_(r * r, p, r);
}

/** 2^n for −126 ≤ n ≤ 127. */
INLINE V power_of_2(VI n) { return (V)((n + 127) << 23); }

INLINE V exp(V x) {
  x = max(min(x, broadcast(89.0f)), broadcast(-105.0f));  // beyond: ∞ and 0
  const Reduced s = reduce_exp(x);
  const VI half = s.n >> 1;  // two factors, so that neither leaves the normal range where the result is subnormal
  return (exp_minus_1_reduced(s.r) + 1.0f) * power_of_2(half) * power_of_2(s.n - half);
}

/** x = 2^e·(1 + f), √½ ≤ 1 + f < √2; log x = e·ln 2 + (f − f²/2 + f³·p(f)). */
INLINE V log(V x) {
  const VI subnormal = x < broadcast(1.17549435e-38f);
  const V scaled = select(subnormal, x * 8388608.0f, x);
  const VI bits = (VI)scaled - 0x3f3504f3;  // the bits of √½
  const VI exponent = bits >> 23;
  const V f = (V)((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  const VI whole = exponent - (subnormal & 23);
  const V shift = broadcast(12582912.0f);
  const V e = (V)(whole + (VI)shift) - shift;  // int → float
  V p = broadcast(-0.0763643906f);
  p = fma_(p, f, broadcast(0.127622172f));
  p = fma_(p, f, broadcast(-0.131596103f));
  p = fma_(p, f, broadcast(0.1420158f));
  p = fma_(p, f, broadcast(-0.166234091f));
  p = fma_(p, f, broadcast(0.200012416f));
  p = fma_(p, f, broadcast(-0.250008196f));
  p = fma_(p, f, broadcast(0.333333313f));
  const V square = f * f;
  V low = fma_(e, broadcast(0.0017409306f), square * f * p);
  low = fma_(square, broadcast(-0.5f), low);
  V y = fma_(e, broadcast(0.69140625f), f + low);
  y = select(x > broadcast(0.0f), y, broadcast(__builtin_nanf("")));  // negative or NaN
  y = select(x == broadcast(0.0f), broadcast(-infinity), y);
  return select(x == broadcast(infinity), x, y);
}

/** With E = e^(2|x|) − 1, which keeps its relative accuracy at 0: tanh |x| = E / (E + 2). */
INLINE V tanh(V x) {
  const V y = min(abs(x) * 2.0f, broadcast(20.0f));  // tanh 10 is 1
  const Reduced s = reduce_exp(y);
  const V scale = power_of_2(s.n);
  const V e = fma_(exp_minus_1_reduced(s.r), scale, scale - 1.0f);
  const V inverse = 1.0f / (e + 2.0f);
  const V q = e * inverse;
  const V rest = fma_(-q, e, e - 2.0f * q);  // what e − q·(e + 2) still is
  return (V)((VI)fma_(rest, inverse, q) | ((VI)x & (int32_t)0x80000000));
}

/** With E = e^−|x|: 1 / (1 + E) right of 0, E / (1 + E) left of it. */
INLINE V sigmoid(V x) {
  const V e = exp((V)((VI)x | (int32_t)0x80000000));
  const V top = select(x < broadcast(0.0f), e, broadcast(1.0f));
  const V inverse = 1.0f / (e + 1.0f);
  const V q = top * inverse;
  const V rest = fma_(-q, e, top - q);
  return fma_(rest, inverse, q);
}

/** log(1 + x) for 0 ≤ x ≤ 1: what rounding 1 + x to u lost comes back as its first-order term. */
INLINE V log1p_unit(V x) {
  const V u = x + 1.0f;
  return log(u) + (x - (u - 1.0f)) / u;
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|). */
INLINE V softplus(V x) {
  const V y = log1p_unit(exp((V)((VI)x | (int32_t)0x80000000)));
  return select(x > broadcast(0.0f), x, broadcast(0.0f)) + y;
}

}  // namespace KERNELS
