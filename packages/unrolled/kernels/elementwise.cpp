// One element at a time: fill, cast, the unary functions and their derivatives, where.

#include "kernels.h"
#include "math.h"
#include "parallel.h"

namespace KERNELS {

namespace {

/** out[i] = f(x[i], …) on all threads. */
template <class F, class... X>
void map_all(float* out, size_t n, size_t grain, F f, const X*... x) {
  parallel(
      n, grain, [&](size_t begin, size_t end) { map(out, begin, end, f, x...); }, 64);
}

V sign_of(V x) {
  const V negative = select(x < broadcast(0.0f), broadcast(-1.0f), x);
  return select(x > broadcast(0.0f), broadcast(1.0f), negative);  // 0 and NaN stay
}

V one_where(VI mask) { return (V)(mask & (VI)broadcast(1.0f)); }

}  // namespace

void fill(void* out, double value, bool integer, size_t n) {
  const float x = (float)value;
  int32_t bits;
  if (integer)
    bits = (int32_t)value;
  else
    __builtin_memcpy(&bits, &x, sizeof bits);
  const V pattern = (V)broadcast(bits);
  map_all((float*)out, n, light_grain, [=]() { return pattern; });
}

void cast(void* out, const void* x, bool to_integer, size_t n) {
  // double in between: it holds every float and every int32, and leaves out-of-range values to one rule (they become 0, as in JavaScript).
  if (to_integer) {
    int32_t* to = (int32_t*)out;
    const float* from = (const float*)x;
    for (size_t i = 0; i < n; i++) {
      const double value = (double)from[i];
      const bool fits = value > -9.2e18 && value < 9.2e18;
      to[i] = fits ? (int32_t)(uint32_t)(uint64_t)(int64_t)value : 0;
    }
  } else {
    float* to = (float*)out;
    const int32_t* from = (const int32_t*)x;
    for (size_t i = 0; i < n; i++) to[i] = (float)from[i];
  }
}

void unary(int op, float* out, const float* x, size_t n) {
  switch (op) {
    case NEG:
      return map_all(
          out, n, light_grain, [](V a) { return -a; }, x);
    case ABS:
      return map_all(
          out, n, light_grain, [](V a) { return abs(a); }, x);
    case SIGN:
      return map_all(
          out, n, light_grain, [](V a) { return sign_of(a); }, x);
    case SQUARE:
      return map_all(
          out, n, light_grain, [](V a) { return a * a; }, x);
    case SQRT:
      return map_all(
          out, n, light_grain, [](V a) { return sqrt(a); }, x);
    case RECIPROCAL:
      return map_all(
          out, n, light_grain, [](V a) { return 1.0f / a; }, x);
    case EXP:
      return map_all(
          out, n, heavy_grain, [](V a) { return exp(a); }, x);
    case LOG:
      return map_all(
          out, n, heavy_grain, [](V a) { return log(a); }, x);
    case TANH:
      return map_all(
          out, n, heavy_grain, [](V a) { return tanh(a); }, x);
    case SIGMOID:
      return map_all(
          out, n, heavy_grain, [](V a) { return sigmoid(a); }, x);
    case RELU:
      return map_all(
          out, n, light_grain, [](V a) { return select(a < broadcast(0.0f), broadcast(0.0f), a); }, x);
    case SOFTPLUS:
      return map_all(
          out, n, heavy_grain, [](V a) { return softplus(a); }, x);
  }
}

void unary_backward(int op, float* dx, const float* dy, const float* x, const float* y, size_t n) {
  switch (op) {
    case NEG:
      return map_all(
          dx, n, light_grain, [](V d) { return -d; }, dy);
    case ABS:
      return map_all(
          dx, n, light_grain, [](V d, V a) { return d * sign_of(a); }, dy, x);
    case SIGN:
      return map_all(
          dx, n, light_grain, [](V d) { return d * 0.0f; }, dy);
    case SQUARE:
      return map_all(
          dx, n, light_grain, [](V d, V a) { return d * (2.0f * a); }, dy, x);
    case SQRT:
      return map_all(
          dx, n, light_grain, [](V d, V b) { return d * (0.5f / b); }, dy, y);
    case RECIPROCAL:
      return map_all(
          dx, n, light_grain, [](V d, V b) { return d * (-b * b); }, dy, y);
    case EXP:
      return map_all(
          dx, n, light_grain, [](V d, V b) { return d * b; }, dy, y);
    case LOG:
      return map_all(
          dx, n, light_grain, [](V d, V a) { return d * (1.0f / a); }, dy, x);
    case TANH:
      return map_all(
          dx, n, light_grain, [](V d, V b) { return d * fma_(-b, b, broadcast(1.0f)); }, dy, y);
    case SIGMOID:
      return map_all(
          dx, n, light_grain, [](V d, V b) { return d * (b * (1.0f - b)); }, dy, y);
    case RELU:
      return map_all(
          dx, n, light_grain, [](V d, V a) { return d * one_where(a > broadcast(0.0f)); }, dy, x);
    case SOFTPLUS:
      return map_all(
          dx, n, heavy_grain, [](V d, V a) { return d * sigmoid(a); }, dy, x);
  }
}

void where(void* out, const void* condition, const void* a, const void* b, bool integer_condition, size_t n) {
  const VI sign = broadcast((int32_t)0x7fffffff);
  const auto pick = [=](V c, V x, V y) {
    // −0 is 0; as an int32 only the zero pattern is.
    const VI zero = integer_condition ? (VI)c == VI{} : (VI)((VI)c & sign) == VI{};
    return select(zero, y, x);
  };
  map_all((float*)out, n, light_grain, pick, (const float*)condition, (const float*)a, (const float*)b);
}

}  // namespace KERNELS
