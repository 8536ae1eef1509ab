// Sums and extremes over a contiguous row, the same to the bit at every vector width: element i goes to lane i mod 16 of sixteen
// accumulators (one AVX-512 vector, two AVX2 vectors, four of WASM), and the sixteen are folded in a fixed tree.

#pragma once
#include "math.h"

namespace KERNELS {

constexpr size_t lanes = 16;
constexpr size_t parts = lanes / VW;

/** All ones in the first n lanes. */
INLINE VI first_lanes(size_t n) {
  VI index;
  for (size_t i = 0; i < VW; i++) index[i] = (int32_t)i;
  return index < broadcast((int32_t)n);
}

/** The larger, or NaN where either is. */
INLINE V max_nan(V a, V b) { return select(b == b, max(a, b), b); }
INLINE V min_nan(V a, V b) { return select(b == b, min(a, b), b); }

/** Folds f(x[i], …) over i < n with `join`, starting from `neutral`. */
template <class J, class F, class... X>
INLINE float fold_lanes(size_t n, float neutral, J join, F f, const X*... x) {
  V total[parts];
  for (size_t k = 0; k < parts; k++) total[k] = broadcast(neutral);
  size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (size_t k = 0; k < parts; k++) total[k] = join(total[k], f(ld(x + i + k * VW)...));
  for (size_t k = 0; i < n; k++, i += VW) {
    const size_t left = n - i;
    if (left >= VW)
      total[k] = join(total[k], f(ld(x + i)...));
    else
      total[k] = join(total[k], select(first_lanes(left), f(ld_part(x + i, left)...), broadcast(neutral)));
  }
  float lane[lanes];
  for (size_t k = 0; k < parts; k++) st(lane + k * VW, total[k]);
  for (size_t width = lanes / 2; width > 0; width /= 2)
    for (size_t k = 0; k < width; k++) lane[k] = join(broadcast(lane[k]), broadcast(lane[k + width]))[0];
  return lane[0];
}

/** Σ f(x[i], …) for rows of some thousands; what is longer belongs into `sum_long`. */
template <class F, class... X>
INLINE float sum_lanes(size_t n, F f, const X*... x) {
  return fold_lanes(
      n, 0.0f, [](V a, V b) { return a + b; }, f, x...);
}

/** Σ f(x[i], …) of any length: pieces of 2048 in float, the pieces in double. */
template <class F, class... X>
INLINE double sum_long(size_t n, F f, const X*... x) {
  double total = 0;
  for (size_t i = 0; i < n; i += 2048) total += (double)sum_lanes(n - i < 2048 ? n - i : 2048, f, (x + i)...);
  return total;
}

INLINE float max_of(const float* x, size_t n) {
  return fold_lanes(
      n, -infinity, [](V a, V b) { return max_nan(a, b); }, [](V v) { return v; }, x);
}

INLINE float min_of(const float* x, size_t n) {
  return fold_lanes(
      n, infinity, [](V a, V b) { return min_nan(a, b); }, [](V v) { return v; }, x);
}

/** The scalar forms go through the vector code, so their bits are its bits. */
INLINE float exp(float x) { return exp(broadcast(x))[0]; }
INLINE float log(float x) { return log(broadcast(x))[0]; }

/** softmax in place, shifted by the maximum. */
static inline void softmax_row(float* x, size_t n) {
  const V shift = broadcast(max_of(x, n));
  map(
      x, 0, n, [=](V v) { return exp(v - shift); }, x);
  const V total = broadcast((float)sum_long(
      n, [](V v) { return v; }, x));
  map(
      x, 0, n, [=](V v) { return v / total; }, x);
}

}  // namespace KERNELS
