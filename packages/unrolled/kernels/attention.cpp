// Attention of one query over S keys: additive (Bahdanau et al. 2015) with v, scaled dot (Luong et al. 2015) without.
// Rows of the batch are independent; forward also splits a single row over its keys and its columns.

#include "kernels.h"
#include "lanes.h"
#include "parallel.h"

namespace KERNELS {

namespace {

size_t length_of(const int32_t* lengths, size_t b, size_t S) {
  if (!lengths) return S;
  const size_t n = lengths[b] < 0 ? 0 : (size_t)lengths[b];
  return n < S ? n : S;
}

float score(const float* query, const float* key, const float* v, float scale, size_t A) {
  if (v)
    return sum_lanes(
        A, [](V q, V k, V w) { return w * tanh(q + k); }, query, key, v);
  return scale * sum_lanes(
                     A, [](V q, V k) { return q * k; }, query, key);
}

/** out[c] = Σ_s w[s]·x[s, c] for columns [begin, end). */
void weighted_sum(float* out, const float* w, const float* x, size_t n, size_t C, size_t begin, size_t end) {
  for (size_t c = begin; c < end; c += VW) {
    const size_t width = end - c < VW ? end - c : VW;
    V sum = {};
    for (size_t s = 0; s < n; s++) sum = fma_(broadcast(w + s), width == VW ? ld(x + s * C + c) : ld_part(x + s * C + c, width), sum);
    if (width == VW)
      st(out + c, sum);
    else
      st_part(out + c, sum, width);
  }
}

}  // namespace

void attention(float* context, float* weights, const float* query, const float* keys, const float* values, const float* v,
               const int32_t* lengths, float scale, size_t B, size_t S, size_t A, size_t C) {
  parallel(B * S, (v ? heavy_grain : light_grain) / (A + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t at = begin; at < end; at++)
      if (at % S < length_of(lengths, at / S, S)) weights[at] = score(query + at / S * A, keys + at * A, v, scale, A);
  });
  parallel(B, heavy_grain / (S + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t b = begin; b < end; b++) {
      const size_t n = length_of(lengths, b, S);
      softmax_row(weights + b * S, n);
      map(weights + b * S, n, S, []() { return V{}; });
    }
  });
  constexpr size_t block = 64;
  const size_t blocks = (C + block - 1) / block;
  parallel(B * blocks, light_grain / (S * block + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t at = begin; at < end; at++) {
      const size_t b = at / blocks, c = at % blocks * block;
      weighted_sum(context + b * C, weights + b * S, values + b * S * C, length_of(lengths, b, S), C, c, c + block < C ? c + block : C);
    }
  });
}

// Scratch: dscore [B, S] and each row's share of dv [B, A].
size_t attention_backward_workspace(float*, float*, float*, float*, const float*, const float*, const float*, const float*, const float*,
                                    const float*, const float*, const int32_t*, float, size_t B, size_t S, size_t A, size_t, void*) {
  return (B * S + B * A) * sizeof(float);
}

void attention_backward(float* dquery, float* dkeys, float* dvalues, float* dv, const float* dcontext, const float* dweights,
                        const float* weights, const float* query, const float* keys, const float* values, const float* v,
                        const int32_t* lengths, float scale, size_t B, size_t S, size_t A, size_t C, void* scratch) {
  float* dscores = (float*)scratch;
  float* dvs = dscores + B * S;
  parallel(B, heavy_grain / (S * (A + C) + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t b = begin; b < end; b++) {
      const size_t n = length_of(lengths, b, S);
      const float *w = weights + b * S, *dc = dcontext + b * C;
      float* ds = dscores + b * S;

      // context = Σ_s w[s] value[s]:  dw[s] = dcontext · value[s] (and what came in),  dvalue[s] += w[s] dcontext
      for (size_t s = 0; s < n; s++) {
        const float* value = values + (b * S + s) * C;
        ds[s] = sum_lanes(
                    C, [](V d, V x) { return d * x; }, dc, value) +
                (dweights ? dweights[b * S + s] : 0);
        if (!dvalues) continue;
        float* dvalue = dvalues + (b * S + s) * C;
        const V ws = broadcast(w + s);
        map(
            dvalue, 0, C, [=](V a, V d) { return fma_(ws, d, a); }, dvalue, dc);
      }

      // w = softmax(score):  dscore = w ⊙ (dw − Σ w ⊙ dw)
      const V mean = broadcast(sum_lanes(
          n, [](V a, V d) { return a * d; }, w, ds));
      map(
          ds, 0, n, [=](V a, V d) { return a * (d - mean); }, w, ds);

      // score = v · tanh(q + key)  or  scale · q · key, a vector of columns at a time
      for (size_t j = 0; j < A; j += VW) {
        const size_t width = A - j < VW ? A - j : VW;
        const auto load = [=](const float* p) { return width == VW ? ld(p) : ld_part(p, width); };
        const auto store = [=](float* p, V x) { width == VW ? st(p, x) : st_part(p, x, width); };
        const V q = load(query + b * A + j), vj = v ? load(v + j) : V{};
        V dq = {}, dvj = {};
        for (size_t s = 0; s < n; s++) {
          const size_t at = (b * S + s) * A + j;
          const V key = load(keys + at);
          if (v) {
            const V t = tanh(q + key), d = broadcast(ds + s);
            const V dsum = d * vj * fma_(-t, t, broadcast(1.0f));
            dvj = fma_(d, t, dvj);
            dq += dsum;
            store(dkeys + at, load(dkeys + at) + dsum);
          } else {
            const V d = broadcast(ds[s] * scale);
            dq = fma_(d, key, dq);
            store(dkeys + at, fma_(d, q, load(dkeys + at)));
          }
        }
        store(dquery + b * A + j, dq);
        store(dvs + b * A + j, dvj);
      }
    }
  });
  if (v && dv)
    for (size_t b = 0; b < B; b++)
      map(
          dv, 0, A, [](V a, V d) { return a + d; }, dv, dvs + b * A);
}

}  // namespace KERNELS
