// One step at batch 1: matrix times vector with packed weights, and the point-wise half of a cell.
//
// The time goes into streaming the weights, so they are packed in the order in which they are read: a panel is `panel` rows, and its words
// of 32 bits, one a row, lie as [k / per][panel]. A word is one float32, or two bfloat16 (k and k + 1); every row adds its products in the
// order of k, so a result depends neither on vector width nor on threads.
//
// int8: unpacking bytes to floats would cost more than reading floats, so the products are those of integers. x is rounded to 16 bits, with
// one scale for every `chunk` of it; pairs (k, k + 1) of bytes, [k / 2][panel][2], are widened to 16 bits, multiplied, and summed in 32
// bits: 127 · 32767 · 512 < 2^31, so that the sum is exact, whatever its order.
//
//   packed = int8 only: one scale a row, float [padded n]; then the panels

#include "kernels.h"
#include "math.h"
#include "parallel.h"

namespace KERNELS {

constexpr size_t panel = VW == 4 ? 32 : 64;
constexpr size_t vectors = panel / VW;

constexpr size_t chunk = 512;

static size_t panels(size_t n) { return (n + panel - 1) / panel; }
/** Weights in a word of float32 or bfloat16. */
static size_t per_word(int format) { return format == FORMAT_FLOAT32 ? 1 : 2; }
static size_t words(int format, size_t k) { return (k + per_word(format) - 1) / per_word(format); }
/** Bytes of a panel of int8. */
static size_t panel_bytes(size_t k) { return (k + 1) / 2 * 2 * panel; }

double packed_bytes(int format, size_t n, size_t k) {
  if (format == FORMAT_INT8) return (double)panels(n) * (double)(4 * panel + panel_bytes(k));
  return 4.0 * (double)(panels(n) * panel) * (double)words(format, k);
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

static void pack_int8(void* packed, const float* weight, size_t n, size_t k) {
  float* scales = (float*)packed;
  int8_t* out = (int8_t*)(scales + panels(n) * panel);
  for (size_t r = 0; r < panels(n) * panel; r++) {
    const float* row = weight + r * k;
    float largest = 0;
    for (size_t i = 0; r < n && i < k; i++) {
      const float size = row[i] < 0 ? -row[i] : row[i];
      if (size > largest) largest = size;
    }
    const float scale = scales[r] = largest / 127;
    int8_t* to = out + r / panel * panel_bytes(k) + r % panel * 2;
    for (size_t i = 0; i < (k + 1) / 2 * 2; i++) to[i / 2 * 2 * panel + i % 2] = r < n && i < k ? (int8_t)to_int8(row[i], scale) : 0;
  }
}

void pack_weights(void* packed, int format, const float* weight, size_t n, size_t k) {
  if (format == FORMAT_INT8) return pack_int8(packed, weight, n, k);
  const size_t per = per_word(format), length = words(format, k);
  for (size_t r = 0; r < panels(n) * panel; r++) {
    uint32_t* word = (uint32_t*)packed + r / panel * panel * length + r % panel;
    const float* row = weight + r * k;
    for (size_t g = 0; g < length; g++, word += panel) {
      uint32_t value = 0;
      for (size_t j = 0; j < per; j++) {
        const float w = r < n && g * per + j < k ? row[g * per + j] : 0.0f;
        if (format == FORMAT_FLOAT32)
          __builtin_memcpy(&value, &w, 4);
        else
          value |= to_bfloat16(w) >> (j == 0 ? 16 : 0);
      }
      *word = value;
    }
  }
}

// The loops over a panel are functions of their own and unrolled by hand: otherwise V8 runs out of registers and keeps a sum in memory,
// which makes them three times as slow.
#define LOOP static __attribute__((noinline))

LOOP void panel_float32(float* out, const float* weight, const float* x, size_t k) {
  V sum[vectors] = {};
  for (size_t i = 0; i < k; i++, weight += panel) {
    const V factor = broadcast(x + i);
#pragma GCC unroll 8
    for (size_t v = 0; v < vectors; v++) sum[v] = fma_(ld(weight + v * VW), factor, sum[v]);
  }
  for (size_t v = 0; v < vectors; v++) st(out + v * VW, sum[v]);
}

LOOP void panel_bfloat16(float* out, const int32_t* weight, const float* x, size_t k) {
  V sum[vectors] = {};
  for (size_t i = 0; i < k; i += 2, weight += panel) {
    const V first = broadcast(x + i), second = i + 1 < k ? broadcast(x + i + 1) : V{};
#pragma GCC unroll 8
    for (size_t v = 0; v < vectors; v++) {
      const VI word = ld(weight + v * VW);
      sum[v] = fma_((V)(word << 16), first, sum[v]);
      sum[v] = fma_((V)(word & (int32_t)0xffff0000), second, sum[v]);
    }
  }
  for (size_t v = 0; v < vectors; v++) st(out + v * VW, sum[v]);
}

/** out[i] = x[i] / scale, rounded to the nearest integer, ties to even, a 0 behind an odd end. Returns the scale: max |x| / 32767. */
static float to_int16(int16_t* out, const float* x, size_t n) {
  float largest = 0;
  for (size_t i = 0; i < n; i++) {
    const float size = x[i] < 0 ? -x[i] : x[i];
    if (!(size <= largest)) largest = size;  // NaN stays
  }
  const float scale = largest / 32767, magic = 12582912;  // 1.5·2^23: adding it leaves no room for a fraction
  const bool usable = scale > 0 && scale < infinity;
  for (size_t i = 0; i < n; i++) out[i] = usable ? (int16_t)((x[i] / scale + magic) - magic) : 0;
  if (n % 2) out[n] = 0;
  return scale;
}

/** y += scale · scales ⊙ (bytes · x), for one panel and one chunk of x, `rows` of the panel being there. */
LOOP void add_panel_int8(float* y, const int8_t* weight, const float* scales, const int16_t* x, float scale, size_t n, size_t rows) {
  VI sum[vectors] = {};
  for (size_t i = 0; i < n; i += 2, weight += 2 * panel) {
    const VS pair = broadcast_pair(x + i);
#pragma GCC unroll 8
    for (size_t v = 0; v < vectors; v++) sum[v] = add_dot(sum[v], ld_bytes(weight + 2 * v * VW), pair);
  }
  int32_t sums[panel];
  for (size_t v = 0; v < vectors; v++) st(sums + v * VW, sum[v]);
  for (size_t r = 0; r < rows; r++) y[r] += (float)sums[r] * (scale * scales[r]);
}

static void gemv_int8(float* y, const void* packed, const float* x, size_t n, size_t k, size_t begin, size_t end) {
  const float* scales = (const float*)packed;
  const int8_t* weight = (const int8_t*)(scales + panels(n) * panel);
  for (size_t i = 0; i < k; i += chunk) {
    const size_t length = k - i < chunk ? k - i : chunk;
    int16_t rounded[chunk];
    const float scale = to_int16(rounded, x + i, length);
    for (size_t p = begin; p < end; p++) {
      const size_t r = p * panel;
      add_panel_int8(y + r, weight + p * panel_bytes(k) + i * panel, scales + r, rounded, scale, length, n - r < panel ? n - r : panel);
    }
  }
}

void gemv(float* y, const void* packed, int format, const float* x, const float* bias, size_t n, size_t k, bool accumulate) {
  const int32_t* weight = (const int32_t*)packed;
  const size_t length = words(format, k);
  const size_t grain = 65536 / (panel * length + 1) + 1;  // panels worth waking a thread for
  parallel(panels(n), grain, [=](size_t begin, size_t end) {
    const size_t last = end * panel < n ? end * panel : n;
    if (!accumulate || bias)
      for (size_t r = begin * panel; r < last; r++) y[r] = (accumulate ? y[r] : 0.0f) + (bias ? bias[r] : 0.0f);
    if (format == FORMAT_INT8) return gemv_int8(y, packed, x, n, k, begin, end);
    for (size_t p = begin; p < end; p++) {
      float sums[panel];
      const int32_t* from = weight + p * panel * length;
      if (format == FORMAT_FLOAT32)
        panel_float32(sums, (const float*)from, x, k);
      else
        panel_bfloat16(sums, from, x, k);
      for (size_t r = p * panel; r < n && r < (p + 1) * panel; r++) y[r] += sums[r - p * panel];
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
