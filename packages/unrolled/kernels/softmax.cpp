// Rows of [rows, cols]: softmax, its logarithm, cross-entropy. All are shifted by the row's maximum, so nothing overflows.

#include "kernels.h"
#include "lanes.h"
#include "parallel.h"

namespace KERNELS {

namespace {

/** body(row) for all rows. */
template <class F>
void each_row(size_t rows, size_t cols, size_t grain, F body) {
  parallel(rows, grain / (cols + 1) + 1, [&](size_t begin, size_t end) {
    for (size_t r = begin; r < end; r++) body(r);
  });
}

/** Σ exp(x − max). */
float sum_exp(const float* x, size_t n, float max) {
  const V shift = broadcast(max);
  return (float)sum_long(
      n, [=](V v) { return exp(v - shift); }, x);
}

}  // namespace

void softmax(float* out, const float* x, size_t rows, size_t cols) {
  each_row(rows, cols, heavy_grain, [=](size_t r) {
    map(
        out + r * cols, 0, cols, [](V v) { return v; }, x + r * cols);
    softmax_row(out + r * cols, cols);
  });
}

void softmax_backward(float* dx, const float* dy, const float* y, size_t rows, size_t cols) {
  each_row(rows, cols, light_grain, [=](size_t r) {
    const size_t at = r * cols;
    const V mean = broadcast((float)sum_long(
        cols, [](V d, V v) { return d * v; }, dy + at, y + at));
    map(
        dx + at, 0, cols, [=](V d, V v) { return v * (d - mean); }, dy + at, y + at);
  });
}

void log_softmax(float* out, const float* x, size_t rows, size_t cols) {
  each_row(rows, cols, heavy_grain, [=](size_t r) {
    const float* row = x + r * cols;
    const float max = max_of(row, cols);
    const V shift = broadcast(max), rest = broadcast(log(sum_exp(row, cols, max)));
    map(
        out + r * cols, 0, cols, [=](V v) { return (v - shift) - rest; }, row);
  });
}

void log_softmax_backward(float* dx, const float* dy, const float* y, size_t rows, size_t cols) {
  each_row(rows, cols, heavy_grain, [=](size_t r) {
    const size_t at = r * cols;
    const V total = broadcast((float)sum_long(
        cols, [](V d) { return d; }, dy + at));
    map(
        dx + at, 0, cols, [=](V d, V v) { return fma_(-exp(v), total, d); }, dy + at, y + at);
  });
}

void cross_entropy(float* loss, float* log_sum_exp, const float* logits, const int32_t* target, size_t rows, size_t cols,
                   int32_t ignore_index) {
  each_row(rows, cols, heavy_grain, [=](size_t r) {
    const float* row = logits + r * cols;
    const float max = max_of(row, cols), rest = log(sum_exp(row, cols, max));
    const size_t k = (size_t)(uint32_t)target[r];
    log_sum_exp[r] = max + rest;
    loss[r] = target[r] == ignore_index ? 0 : k < cols ? (max - row[k]) + rest : __builtin_nanf("");
  });
}

void cross_entropy_backward(float* dlogits, const float* dloss, const float* logits, const float* log_sum_exp, const int32_t* target,
                            size_t rows, size_t cols, int32_t ignore_index) {
  each_row(rows, cols, heavy_grain, [=](size_t r) {
    const float* row = logits + r * cols;
    float* out = dlogits + r * cols;
    if (target[r] == ignore_index) return map(out, 0, cols, []() { return V{}; });
    const V shift = broadcast(log_sum_exp[r]), scale = broadcast(dloss[r]);
    const size_t k = (size_t)(uint32_t)target[r];
    const float right = k < cols ? dloss[r] * (exp(row[k] - log_sum_exp[r]) - 1.0f) : 0;
    map(
        out, 0, cols, [=](V v) { return scale * exp(v - shift); }, row);
    if (k < cols) out[k] = right;
  });
}

}  // namespace KERNELS
