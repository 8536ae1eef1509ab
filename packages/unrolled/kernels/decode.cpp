// One step at batch 1: matrix times vector with packed weights, and the point-wise half of a cell.
//
// The time goes into streaming the weights, so they are packed into words of 32 bits, one per output row and lane: one float32, two
// bfloat16 (k and k + 1), or four int8 (k to k + 3). A panel is `panel` rows; its words lie in the order in which they are read, [k /
// per][panel], and every row adds its products in the order of k, so a result depends neither on vector width nor on threads.
//
//   packed = int8 only: one scale a row, float [padded n]; then the panels

#include "kernels.h"
#include "math.h"
#include "parallel.h"

namespace KERNELS {

constexpr size_t panel = VW == 4 ? 32 : 64;
constexpr size_t vectors = panel / VW;

static size_t per_word(int format) { return format == FORMAT_FLOAT32 ? 1 : format == FORMAT_BFLOAT16 ? 2 : 4; }
static size_t panels(size_t n) { return (n + panel - 1) / panel; }
static size_t words(int format, size_t k) { return (k + per_word(format) - 1) / per_word(format); }

double packed_bytes(int format, size_t n, size_t k) {
  const size_t scales = format == FORMAT_INT8 ? panels(n) * panel : 0;
  return 4.0 * (double)(scales + panels(n) * panel * words(format, k));
}

/** The nearest bfloat16, ties to even, in the upper half of the word. */
static uint32_t to_bfloat16(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  if (x != x) return bits | 0x400000;
  return (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
}

/** x / scale, rounded to the nearest integer, ties to even, in [−127, 127]. */
static int32_t to_int8(float x, float scale) {
  if (scale == 0) return 0;
  const double magic = 6755399441055744.0;  // 1.5·2^52: adding it leaves no room for a fraction
  const double rounded = ((double)x / (double)scale + magic) - magic;
  return rounded > 127 ? 127 : rounded < -127 ? -127 : (int32_t)rounded;
}

void pack_weights(void* packed, int format, const float* weight, size_t n, size_t k) {
  float* scales = (float*)packed;
  uint32_t* out = (uint32_t*)packed + (format == FORMAT_INT8 ? panels(n) * panel : 0);
  const size_t per = per_word(format), length = words(format, k);
  for (size_t r = 0; r < panels(n) * panel; r++) {
    uint32_t* word = out + r / panel * panel * length + r % panel;
    const float* row = weight + r * k;
    float scale = 0;
    if (format == FORMAT_INT8) {
      for (size_t i = 0; r < n && i < k; i++) {
        const float size = row[i] < 0 ? -row[i] : row[i];
        if (size > scale) scale = size;
      }
      scales[r] = scale = scale / 127;
    }
    for (size_t g = 0; g < length; g++, word += panel) {
      uint32_t value = 0;
      for (size_t j = 0; j < per; j++) {
        const float w = r < n && g * per + j < k ? row[g * per + j] : 0.0f;
        if (format == FORMAT_FLOAT32)
          __builtin_memcpy(&value, &w, 4);
        else if (format == FORMAT_BFLOAT16)
          value |= to_bfloat16(w) >> (j == 0 ? 16 : 0);
        else
          value |= ((uint32_t)to_int8(w, scale) & 0xff) << (8 * j);
      }
      *word = value;
    }
  }
}

/** Weight number j of every word as a float. */
template <int FORMAT, int J>
INLINE V unpack(VI word) {
  if (FORMAT == FORMAT_FLOAT32) return (V)word;
  if (FORMAT == FORMAT_BFLOAT16) return J == 0 ? (V)(word << 16) : (V)(word & (int32_t)0xffff0000);
  return __builtin_convertvector((word << (24 - 8 * J)) >> 24, V);
}

template <int FORMAT, int J>
INLINE void add_products(V* sum, const VI* word, const float* x) {
  const V factor = broadcast(x);
  for (size_t v = 0; v < vectors; v++) sum[v] = fma_(unpack<FORMAT, J>(word[v]), factor, sum[v]);
}

/** The sums of one panel over all of x. */
template <int FORMAT>
INLINE void panel_sums(float* out, const int32_t* weight, const float* x, size_t k) {
  constexpr size_t per = FORMAT == FORMAT_FLOAT32 ? 1 : FORMAT == FORMAT_BFLOAT16 ? 2 : 4;
  V sum[vectors] = {};
  const auto group = [&](const float* xs) {
    VI word[vectors];
    for (size_t v = 0; v < vectors; v++) word[v] = ld(weight + v * VW);
    add_products<FORMAT, 0>(sum, word, xs);
    if (per > 1) add_products<FORMAT, 1>(sum, word, xs + 1);
    if (per > 2) add_products<FORMAT, 2>(sum, word, xs + 2);
    if (per > 2) add_products<FORMAT, 3>(sum, word, xs + 3);
    weight += panel;
  };
  size_t i = 0;
  for (; i + per <= k; i += per) group(x + i);
  if (i < k) {
    float rest[4] = {};
    for (size_t j = 0; i + j < k; j++) rest[j] = x[i + j];
    group(rest);
  }
  for (size_t v = 0; v < vectors; v++) st(out + v * VW, sum[v]);
}

void gemv(float* y, const void* packed, int format, const float* x, const float* bias, size_t n, size_t k, bool accumulate) {
  const float* scales = (const float*)packed;
  const int32_t* weight = (const int32_t*)packed + (format == FORMAT_INT8 ? panels(n) * panel : 0);
  const size_t length = words(format, k);
  const size_t grain = 65536 / (panel * length + 1) + 1;  // panels worth waking a thread for
  parallel(panels(n), grain, [=](size_t begin, size_t end) {
    for (size_t p = begin; p < end; p++) {
      float sums[panel];
      const int32_t* from = weight + p * panel * length;
      if (format == FORMAT_FLOAT32)
        panel_sums<FORMAT_FLOAT32>(sums, from, x, k);
      else if (format == FORMAT_BFLOAT16)
        panel_sums<FORMAT_BFLOAT16>(sums, from, x, k);
      else
        panel_sums<FORMAT_INT8>(sums, from, x, k);
      for (size_t r = p * panel; r < n && r < (p + 1) * panel; r++) {
        float sum = sums[r - p * panel];
        if (format == FORMAT_INT8) sum *= scales[r];
        if (bias) sum += bias[r];
        y[r] = accumulate ? y[r] + sum : sum;
      }
    }
  });
}

void cell_step(int cell, float* h, float* c, const float* gates_x, const float* gates_h, size_t H) {
  const float *x = gates_x, *g = gates_h;
  if (cell == RNN_TANH) {
    map(
        h, 0, H, [](V a, V b) { return tanh(a + b); }, x, g);
  } else if (cell == RNN_RELU) {
    map(
        h, 0, H,
        [](V a, V b) {
          const V s = a + b;
          return select(s < broadcast(0.0f), broadcast(0.0f), s);
        },
        x, g);
  } else if (cell == LSTM) {
    map(
        c, 0, H, [](V c, V xi, V hi, V xf, V hf, V xg, V hg) { return fma_(sigmoid(xf + hf), c, sigmoid(xi + hi) * tanh(xg + hg)); }, c, x,
        g, x + H, g + H, x + 2 * H, g + 2 * H);
    map(
        h, 0, H, [](V c, V xo, V ho) { return sigmoid(xo + ho) * tanh(c); }, c, x + 3 * H, g + 3 * H);
  } else {
    map(
        h, 0, H,
        [](V h, V xr, V hr, V xz, V hz, V xn, V hn) {
          const V r = sigmoid(xr + hr), z = sigmoid(xz + hz);
          const V n = tanh(fma_(r, hn, xn));
          return fma_(z, h - n, n);
        },
        h, x, g, x + H, g + H, x + 2 * H, g + 2 * H);
  }
}

}  // namespace KERNELS
