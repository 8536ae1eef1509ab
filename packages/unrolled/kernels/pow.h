// a^b in double precision, rounded to float once: exp(b·log a) in float would lose up to seven bits. Plain multiplications and additions
// in a fixed order, so every build gives the same bits.

#pragma once
#include "simd.h"

namespace KERNELS {

static inline uint64_t bits_of(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double double_of(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

/** log a for normal a > 0: a = 2^e·m, √½ ≤ m < √2, log m = 2·artanh(s), s = (m − 1)/(m + 1), by its series. */
static inline double log_double(double a) {
  const uint64_t shifted = bits_of(a) - 0x3fe6a09e667f3bcdull;  // √½
  const int64_t e = (int64_t)shifted >> 52;
  const double m = double_of((shifted & 0x000fffffffffffffull) + 0x3fe6a09e667f3bcdull);
  const double s = (m - 1) / (m + 1), q = s * s;
  double series = 0;
  for (int k = 21; k >= 1; k -= 2) series = series * q + 1.0 / k;
  return (double)e * 0.693147180559945309 + 2 * s * series;
}

/** e^x by its series after x = n·ln 2 + r. */
static inline double exp_double(double x) {
  if (x > 700) return __builtin_inf();
  if (x < -700) return 0;
  const double shift = 6755399441055744.0;  // 1.5·2^52: rounds to an integer
  const double n = (x * 1.44269504088896341 + shift) - shift;
  const double r = (x - n * 0.6931471805582987) - n * 1.6465949582897082e-12;  // ln 2 in two parts, the first of 36 bits
  double series = 1;
  for (int k = 14; k >= 1; k--) series = 1 + series * r / k;
  return series * double_of((uint64_t)((int64_t)n + 1023) << 52);
}

/** a^b as JavaScript has it: anything^0 = 1, (±1)^±∞ = NaN, a negative base only with a whole exponent. */
static inline float pow_scalar(float base, float exponent) {
  const double a = (double)base, b = (double)exponent;
  if (b == 0) return 1;
  if (a != a || b != b) return __builtin_nanf("");
  const double size = a < 0 ? -a : a;
  const bool large = b >= 9007199254740992.0 || b <= -9007199254740992.0;
  const bool whole = large || (double)(int64_t)b == b;
  const bool odd = !large && whole && ((int64_t)b & 1);
  const bool negative = odd && (bits_of(a) >> 63);
  double y;
  if (size == 1 && (b == __builtin_inf() || b == -__builtin_inf()))
    return __builtin_nanf("");
  else if (size == 0 || size == __builtin_inf())
    y = (size == 0) == (b < 0) ? __builtin_inf() : 0;
  else if (a < 0 && !whole)
    return __builtin_nanf("");
  else if (b == 1)
    y = size;
  else if (b == 2)
    y = size * size;
  else
    y = size == 1 ? 1 : exp_double(b * log_double(size));
  return (float)(negative ? -y : y);
}

}  // namespace KERNELS
