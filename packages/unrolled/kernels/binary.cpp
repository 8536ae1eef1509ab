// Binary operations with broadcasting. After joining axes nearly every case is one of four inner loops: both operands advance, one of them
// stands still (a scalar, a column, or a row repeated by the outer loop), or, rarely, one takes longer steps.

#include "lanes.h"
#include "pow.h"
#include "strides.h"

namespace KERNELS {

namespace {

/** out[i] = f(a[i·sa], b[i·sb]) for i in [begin, end). */
template <class F>
void inner_loop(float* out, const float* a, ptrdiff_t sa, const float* b, ptrdiff_t sb, size_t begin, size_t end, F f) {
  if (sa == 1 && sb == 1) return map(out, begin, end, f, a, b);
  if (sa == 1 && sb == 0) {
    const V y = broadcast(*b);
    return map(
        out, begin, end, [&](V x) { return f(x, y); }, a);
  }
  if (sa == 0 && sb == 1) {
    const V x = broadcast(*a);
    return map(
        out, begin, end, [&](V y) { return f(x, y); }, b);
  }
  for (size_t i = begin; i < end; i += VW) {
    const size_t n = end - i < VW ? end - i : VW;
    V x = {}, y = {};
    for (size_t k = 0; k < n; k++) x[k] = a[(ptrdiff_t)(i + k) * sa], y[k] = b[(ptrdiff_t)(i + k) * sb];
    const V z = f(x, y);
    for (size_t k = 0; k < n; k++) out[i + k] = z[k];
  }
}

template <class F>
void walk_floats(float* out, const float* a, const float* b, const Walk& walk, F f) {
  const size_t rows = walk.rows(), n = walk.inner();
  const ptrdiff_t sa = walk.a[walk.rank - 1], sb = walk.b[walk.rank - 1];
  if (n == 0) return;
  if (rows == 1)
    return parallel(
        n, light_grain, [&](size_t begin, size_t end) { inner_loop(out, a, sa, b, sb, begin, end, f); }, 64);
  parallel(rows, light_grain / n + 1, [&](size_t begin, size_t end) {
    walk.each_row(begin, end,
                  [&](size_t row, ptrdiff_t at_a, ptrdiff_t at_b) { inner_loop(out + row * n, a + at_a, sa, b + at_b, sb, 0, n, f); });
  });
}

V flag(VI mask) { return (V)(mask & (VI)broadcast(1.0f)); }

double apply(int op, double a, double b) {
  switch (op) {
    case ADD: return a + b;
    case SUB: return a - b;
    case MUL: return a * b;
    case DIV: return a / b;
    case MAX: return a > b ? a : b;
    case MIN: return a < b ? a : b;
    case POW: return (double)pow_scalar((float)a, (float)b);
    case EQ: return a == b;
    case NE: return a != b;
    case LT: return a < b;
    case LE: return a <= b;
    case GT: return a > b;
    default: return a >= b;
  }
}

/** An int32 operand or result: rare (comparing tokens), so plain. */
void walk_any(int op, void* out, const void* a, const void* b, const Walk& walk, bool integer, bool integer_out) {
  const size_t n = walk.inner();
  const ptrdiff_t sa = walk.a[walk.rank - 1], sb = walk.b[walk.rank - 1];
  const auto read = [=](const void* p, ptrdiff_t i) { return integer ? (double)((const int32_t*)p)[i] : (double)((const float*)p)[i]; };
  walk.each_row(0, walk.rows(), [&](size_t row, ptrdiff_t at_a, ptrdiff_t at_b) {
    for (size_t i = 0; i < n; i++) {
      const double y = apply(op, read(a, at_a + (ptrdiff_t)i * sa), read(b, at_b + (ptrdiff_t)i * sb));
      if (integer_out)
        ((int32_t*)out)[row * n + i] = y > -9.2e18 && y < 9.2e18 ? (int32_t)(uint32_t)(uint64_t)(int64_t)y : 0;
      else
        ((float*)out)[row * n + i] = (float)y;
    }
  });
}

}  // namespace

void binary(int op, void* out, const void* a, const void* b, const double* shape, const double* a_strides, const double* b_strides,
            size_t rank, bool integer, bool integer_out) {
  const Walk walk(shape, a_strides, b_strides, rank);
  if (integer || integer_out) return walk_any(op, out, a, b, walk, integer, integer_out);
  const auto run = [&](auto f) { walk_floats((float*)out, (const float*)a, (const float*)b, walk, f); };
  switch (op) {
    case ADD: return run([](V x, V y) { return x + y; });
    case SUB: return run([](V x, V y) { return x - y; });
    case MUL: return run([](V x, V y) { return x * y; });
    case DIV: return run([](V x, V y) { return x / y; });
    case MAX: return run([](V x, V y) { return max_nan(x, y); });
    case MIN: return run([](V x, V y) { return min_nan(x, y); });
    case POW:
      return run([](V x, V y) {
        V z;
        for (size_t k = 0; k < VW; k++) z[k] = pow_scalar(x[k], y[k]);
        return z;
      });
    case EQ: return run([](V x, V y) { return flag(x == y); });
    case NE: return run([](V x, V y) { return flag(x != y); });
    case LT: return run([](V x, V y) { return flag(x < y); });
    case LE: return run([](V x, V y) { return flag(x <= y); });
    case GT: return run([](V x, V y) { return flag(x > y); });
    case GE: return run([](V x, V y) { return flag(x >= y); });
  }
}

}  // namespace KERNELS
