// Along an axis of [outer, n, inner]: reductions, arg-reductions, gather and its transpose.

#include "kernels.h"
#include "lanes.h"
#include "parallel.h"

namespace KERNELS {

namespace {

/** out[i] = join over k of x[k, i], for columns [begin, end) of `inner`; every 64 rows are joined on their own first, which keeps sums
 * accurate. */
template <class J>
void fold_columns(float* out, const float* x, size_t n, size_t inner, size_t begin, size_t end, float neutral, J join) {
  for (size_t i = begin; i < end; i += VW) {
    const size_t width = end - i < VW ? end - i : VW;
    const auto load = [&](size_t k) { return width == VW ? ld(x + k * inner + i) : ld_part(x + k * inner + i, width); };
    V total = broadcast(neutral);
    for (size_t k0 = 0; k0 < n; k0 += 64) {
      const size_t k1 = k0 + 64 < n ? k0 + 64 : n;
      V part = broadcast(neutral);
      for (size_t k = k0; k < k1; k++) part = join(part, load(k));
      total = join(total, part);
    }
    if (width == VW)
      st(out + i, total);
    else
      st_part(out + i, total, width);
  }
}

template <class J, class R>
void reduce_with(float* out, const float* x, size_t outer, size_t n, size_t inner, float neutral, J join, R row) {
  const size_t grain = light_grain / (n * inner + 1) + 1;
  if (inner == 1)
    parallel(outer, grain, [&](size_t begin, size_t end) {
      for (size_t o = begin; o < end; o++) out[o] = row(x + o * n, n);
    });
  else if (outer == 1)
    parallel(
        inner, light_grain / (n + 1) + 1, [&](size_t begin, size_t end) { fold_columns(out, x, n, inner, begin, end, neutral, join); }, 64);
  else
    parallel(outer, grain, [&](size_t begin, size_t end) {
      for (size_t o = begin; o < end; o++) fold_columns(out + o * inner, x + o * n * inner, n, inner, 0, inner, neutral, join);
    });
}

}  // namespace

void reduce(int op, float* out, const float* x, size_t outer, size_t n, size_t inner) {
  switch (op) {
    case REDUCE_SUM:
      return reduce_with(
          out, x, outer, n, inner, 0.0f, [](V a, V b) { return a + b; },
          [](const float* r, size_t m) {
            return (float)sum_long(
                m, [](V v) { return v; }, r);
          });
    case REDUCE_MAX:
      return reduce_with(
          out, x, outer, n, inner, -infinity, [](V a, V b) { return max_nan(a, b); },
          [](const float* r, size_t m) { return max_of(r, m); });
    case REDUCE_MIN:
      return reduce_with(
          out, x, outer, n, inner, infinity, [](V a, V b) { return min_nan(a, b); }, [](const float* r, size_t m) { return min_of(r, m); });
  }
}

void arg_reduce(int op, int32_t* out, const float* x, size_t outer, size_t n, size_t inner) {
  parallel(outer * inner, light_grain / (n + 1) + 1, [&](size_t begin, size_t end) {
    for (size_t at = begin; at < end; at++) {
      const float* column = x + at / inner * n * inner + at % inner;
      size_t best = 0;
      for (size_t k = 1; k < n; k++) {
        const float a = column[k * inner], b = column[best * inner];
        if (op == ARGMAX ? a > b : a < b) best = k;
      }
      out[at] = (int32_t)best;
    }
  });
}

void gather(float* out, const float* x, const int32_t* index, size_t outer, size_t n, size_t m, size_t inner) {
  parallel(outer * m, light_grain / (inner + 1) + 1, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++)
      for (size_t i = 0; i < inner; i++) {
        const size_t at = row * inner + i, k = (size_t)(uint32_t)index[at];
        out[at] = k < n ? x[(row / m * n + k) * inner + i] : __builtin_nanf("");
      }
  });
}

void gather_backward(float* dx, const float* dy, const int32_t* index, size_t outer, size_t n, size_t m, size_t inner) {
  parallel(outer, light_grain / (m * inner + 1) + 1, [&](size_t begin, size_t end) {
    for (size_t row = begin * m; row < end * m; row++)
      for (size_t i = 0; i < inner; i++) {
        const size_t at = row * inner + i, k = (size_t)(uint32_t)index[at];
        if (k < n) dx[(row / m * n + k) * inner + i] += dy[at];
      }
  });
}

}  // namespace KERNELS
