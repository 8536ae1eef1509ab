// Normalization: z = (x − mean) · r with r = 1/√(variance + eps), y = weight ⊙ z + bias. Over a channel, or along a row.
//
// Sums of a channel run in sixteen lanes (lanes.h), over pieces of some 2048 values in float and over the pieces in double: whole rows of
// the batch are joined where they are short. The variance is that around the mean, in a second pass.

#include "kernels.h"
#include "lanes.h"
#include "parallel.h"

namespace KERNELS {

namespace {

constexpr size_t piece = 2048;

/** sums[s] = Σ over channel c of x [B, C, n] of what f(values, x…) puts into values[s]. */
template <size_t count, class F, class... X>
void sum_channel(double (&sums)[count], size_t B, size_t C, size_t n, size_t c, F f, const X*... x) {
  for (double& sum : sums) sum = 0;
  const size_t rows = n < piece ? piece / (n + 1) + 1 : 1;
  for (size_t b0 = 0; b0 < B; b0 += rows)
    for (size_t i0 = 0; i0 < n; i0 += piece) {
      const size_t b1 = b0 + rows < B ? b0 + rows : B, i1 = i0 + piece < n ? i0 + piece : n;
      V total[count][parts] = {};
      for (size_t b = b0; b < b1; b++) {
        const size_t row = (b * C + c) * n;
        V values[count];
        size_t i = i0;
        for (; i + lanes <= i1; i += lanes)
          for (size_t k = 0; k < parts; k++) {
            f(values, ld(x + row + i + k * VW)...);
            for (size_t s = 0; s < count; s++) total[s][k] += values[s];
          }
        for (size_t k = 0; i < i1; k++, i += VW) {
          const size_t left = i1 - i < VW ? i1 - i : VW;
          if (left == VW)
            f(values, ld(x + row + i)...);
          else
            f(values, ld_part(x + row + i, left)...);
          for (size_t s = 0; s < count; s++) total[s][k] += select(first_lanes(left), values[s], V{});
        }
      }
      for (size_t s = 0; s < count; s++) {
        float lane[lanes];
        for (size_t k = 0; k < parts; k++) st(lane + k * VW, total[s][k]);
        for (size_t width = lanes / 2; width > 0; width /= 2)
          for (size_t k = 0; k < width; k++) lane[k] += lane[k + width];
        sums[s] += (double)lane[0];
      }
    }
}

float reciprocal_root(float variance, float eps) { return 1.0f / sqrt(broadcast(variance + eps))[0]; }

/** Channels that are worth a thread. */
size_t channels_of(size_t B, size_t n) { return light_grain / (4 * B * n + 1) + 1; }

}  // namespace

void batch_norm(float* y, float* mean, float* variance, const float* x, const float* weight, const float* bias, float eps, bool relu,
                bool train, size_t B, size_t C, size_t n) {
  parallel(C, channels_of(B, n), [=](size_t begin, size_t end) {
    for (size_t c = begin; c < end; c++) {
      if (train) {
        double sums[1];
        sum_channel(
            sums, B, C, n, c, [](V* values, V v) { values[0] = v; }, x);
        mean[c] = (float)(sums[0] / (double)(B * n));
        const V m = broadcast(mean + c);
        sum_channel(
            sums, B, C, n, c,
            [=](V* values, V v) {
              const V d = v - m;
              values[0] = d * d;
            },
            x);
        variance[c] = (float)(sums[0] / (double)(B * n));
      }
      const V m = broadcast(mean + c), shift = broadcast(bias ? bias[c] : 0);
      const V scale = broadcast((weight ? weight[c] : 1) * reciprocal_root(variance[c], eps));
      for (size_t b = 0; b < B; b++) {
        const size_t row = (b * C + c) * n;
        if (relu)
          map(
              y + row, 0, n, [=](V v) { return max(fma_(v - m, scale, shift), V{}); }, x + row);
        else
          map(
              y + row, 0, n, [=](V v) { return fma_(v - m, scale, shift); }, x + row);
      }
    }
  });
}

namespace {

/** dy as it arrives below the relu, if there is one: 0 where y was not above 0. */
struct Arrived {
  bool relu;
  V operator()(V dy, V y) const { return relu ? select(y > V{}, dy, V{}) : dy; }
};

}  // namespace

void batch_norm_backward(float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* y, const float* mean,
                         const float* variance, const float* weight, float eps, bool relu, bool train, size_t B, size_t C, size_t n) {
  const Arrived arrived = {relu};
  parallel(C, channels_of(B, n), [=](size_t begin, size_t end) {
    for (size_t c = begin; c < end; c++) {
      const float r = reciprocal_root(variance[c], eps);
      const V m = broadcast(mean + c), scale = broadcast((weight ? weight[c] : 1) * r);
      double sums[2];
      sum_channel(
          sums, B, C, n, c,
          [=](V* values, V d, V v, V out) {
            values[0] = arrived(d, out);
            values[1] = values[0] * (v - m);
          },
          dy, x, y);
      if (dbias) dbias[c] = (float)sums[0];
      if (dweight) dweight[c] = (float)(sums[1] * (double)r);
      const double count = (double)(B * n);
      const V shift = broadcast((float)(sums[0] / count)), slope = broadcast((float)(sums[1] / count * (double)r * (double)r));
      for (size_t b = 0; b < B; b++) {
        const size_t row = (b * C + c) * n;
        if (train)
          map(
              dx + row, 0, n, [=](V d, V v, V out) { return scale * fma_(m - v, slope, arrived(d, out) - shift); }, dy + row, x + row,
              y + row);
        else
          map(
              dx + row, 0, n, [=](V d, V out) { return scale * arrived(d, out); }, dy + row, y + row);
      }
    }
  });
}

void layer_norm(float* y, float* mean, float* variance, const float* x, const float* weight, const float* bias, float eps, size_t rows,
                size_t cols) {
  parallel(rows, light_grain / (4 * cols + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++) {
      const float* from = x + row * cols;
      float* to = y + row * cols;
      mean[row] = (float)(sum_long(
                              cols, [](V v) { return v; }, from) /
                          (double)cols);
      const V m = broadcast(mean + row);
      variance[row] = (float)(sum_long(
                                  cols, [=](V v) { return (v - m) * (v - m); }, from) /
                              (double)cols);
      const V r = broadcast(reciprocal_root(variance[row], eps));
      map(
          to, 0, cols, [=](V v) { return (v - m) * r; }, from);
      if (weight)
        map(
            to, 0, cols, [](V v, V w) { return v * w; }, to, weight);
      if (bias)
        map(
            to, 0, cols, [](V v, V b) { return v + b; }, to, bias);
    }
  });
}

namespace {

/** dweight and dbias of columns [begin, begin + width), width ≤ 64; every 64 rows are added up on their own first. */
void sum_columns(float* dweight, float* dbias, const float* dy, const float* x, const float* mean, const float* variance, float eps,
                 size_t rows, size_t cols, size_t begin, size_t width) {
  constexpr size_t most = 64 / VW;
  const size_t vectors = (width + VW - 1) / VW;
  const auto load = [=](const float* p, size_t j) { return j * VW + VW <= width ? ld(p + j * VW) : ld_part(p + j * VW, width - j * VW); };
  V weights[most] = {}, biases[most] = {};
  for (size_t r0 = 0; r0 < rows; r0 += 64) {
    V some_weights[most] = {}, some_biases[most] = {};
    for (size_t row = r0; row < rows && row < r0 + 64; row++) {
      const V m = broadcast(mean + row), r = broadcast(reciprocal_root(variance[row], eps));
      const size_t at = row * cols + begin;
      for (size_t j = 0; j < vectors; j++) {
        const V d = load(dy + at, j);
        some_biases[j] += d;
        some_weights[j] = fma_(d, (load(x + at, j) - m) * r, some_weights[j]);
      }
    }
    for (size_t j = 0; j < vectors; j++) weights[j] += some_weights[j], biases[j] += some_biases[j];
  }
  const auto store = [=](float* p, size_t j, V v) { j* VW + VW <= width ? st(p + j * VW, v) : st_part(p + j * VW, v, width - j * VW); };
  for (size_t j = 0; j < vectors; j++) {
    if (dweight) store(dweight + begin, j, weights[j]);
    if (dbias) store(dbias + begin, j, biases[j]);
  }
}

}  // namespace

void layer_norm_backward(float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* mean, const float* variance,
                         const float* weight, float eps, size_t rows, size_t cols) {
  parallel(rows, light_grain / (4 * cols + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t row = begin; row < end; row++) {
      const float *from = x + row * cols, *arrived = dy + row * cols;
      float* to = dx + row * cols;
      const float r = reciprocal_root(variance[row], eps);
      const V m = broadcast(mean + row);
      if (weight)
        map(
            to, 0, cols, [](V d, V w) { return d * w; }, arrived, weight);
      else
        map(
            to, 0, cols, [](V d) { return d; }, arrived);
      const double sum = sum_long(
          cols, [](V g) { return g; }, to);
      const double product = sum_long(
          cols, [=](V g, V v) { return g * (v - m); }, to, from);
      const V shift = broadcast((float)(sum / (double)cols)), scale = broadcast(r);
      const V slope = broadcast((float)(product / (double)cols * (double)r * (double)r));
      map(
          to, 0, cols, [=](V g, V v) { return scale * fma_(m - v, slope, g - shift); }, to, from);
    }
  });
  if (dweight || dbias)
    parallel(
        cols, light_grain / (4 * rows + 1) + 1,
        [=](size_t begin, size_t end) {
          for (size_t j = begin; j < end; j += 64)
            sum_columns(dweight, dbias, dy, x, mean, variance, eps, rows, cols, j, end - j < 64 ? end - j : 64);
        },
        64);
}

}  // namespace KERNELS
