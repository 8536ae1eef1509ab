// The point-wise half of one sLSTM step (Beck et al. 2024) for a batch: both products are done, their sums lie in gates [B, 4H], i f z o.
//
//   u = i − log σ(f) − m     w = σ(u)     c' = c + w ⊙ (tanh z − c)     m' = i + softplus(−u)     h' = σ(o) ⊙ c'
//
// Kept for backward: w, σ(−f), tanh z, σ(o). Rows are independent; one past its length keeps its state and puts out 0.

#include "layer.h"
#include "../math.h"

namespace KERNELS {

namespace {

/** body(b, begin, end) for rows and units, in threads. */
template <class F>
void rows_of(size_t B, size_t H, F&& body) {
  parallel(B, heavy_grain / (4 * H + 1) + 1, [&](size_t begin, size_t end) {
    for (size_t b = begin; b < end; b++)
      for (size_t u = 0; u < H; u += VW) body(b, u);
  });
}

}  // namespace

void slstm_forward(float* y, float* h, float* c, float* m, float* reserve, const float* gates_x, const float* gates_h,
                   const float* h_before, const float* c_before, const float* m_before, const int32_t* lengths, size_t t, size_t B,
                   size_t H) {
  rows_of(B, H, [=](size_t b, size_t u) {
    const size_t at = b * H;
    const V old_h = ld_row(h_before + at, u, H), old_c = ld_row(c_before + at, u, H), old_m = ld_row(m_before + at, u, H);
    if (lengths && (ptrdiff_t)t >= lengths[b]) {
      st_row(h + at, u, H, old_h), st_row(c + at, u, H, old_c), st_row(m + at, u, H, old_m);
      st_row(y + at, u, H, V{});
      return;
    }
    const float *x = gates_x + 4 * at, *r = gates_h + 4 * at;
    const V i = ld_row(x, u, H) + ld_row(r, u, H), f = ld_row(x + H, u, H) + ld_row(r + H, u, H);
    const V z = tanh(ld_row(x + 2 * H, u, H) + ld_row(r + 2 * H, u, H)), o = sigmoid(ld_row(x + 3 * H, u, H) + ld_row(r + 3 * H, u, H));
    const V d = i + softplus(-f) - old_m, w = sigmoid(d), next = fma_(w, z - old_c, old_c), out = o * next;
    st_row(c + at, u, H, next), st_row(m + at, u, H, i + softplus(-d)), st_row(h + at, u, H, out), st_row(y + at, u, H, out);
    if (!reserve) return;
    float* to = reserve + 4 * at;
    st_row(to, u, H, w), st_row(to + H, u, H, sigmoid(-f)), st_row(to + 2 * H, u, H, z), st_row(to + 3 * H, u, H, o);
  });
}

// dh, dc and dm are those of the state after the step, dh without what y got; they become those of the state before, dh but for what
// reaches it through the product of dgates.
void slstm_backward(float* dgates, float* dh, float* dc, float* dm, const float* dy, const float* reserve, const float* c,
                    const float* c_before, const int32_t* lengths, size_t t, size_t B, size_t H) {
  rows_of(B, H, [=](size_t b, size_t u) {
    const size_t at = b * H;
    float* to = dgates + 4 * at;
    if (lengths && (ptrdiff_t)t >= lengths[b]) {
      for (size_t k = 0; k < 4; k++) st_row(to + k * H, u, H, V{});
      return;
    }
    const float* from = reserve + 4 * at;
    const V w = ld_row(from, u, H), not_f = ld_row(from + H, u, H), z = ld_row(from + 2 * H, u, H), o = ld_row(from + 3 * H, u, H);
    V out = ld_row(dh + at, u, H);
    if (dy) out += ld_row(dy + at, u, H);
    const V now = ld_row(dm + at, u, H), rest = 1.0f - w;
    const V cell = fma_(out, o, ld_row(dc + at, u, H));  // c' reaches the loss as c' and through h'
    const V du = fma_(cell * (z - ld_row(c_before + at, u, H)), w, -now) * rest;
    st_row(to, u, H, now + du);
    st_row(to + H, u, H, -du * not_f);
    st_row(to + 2 * H, u, H, cell * w * (1.0f - z * z));
    st_row(to + 3 * H, u, H, out * ld_row(c + at, u, H) * o * (1.0f - o));
    st_row(dh + at, u, H, V{}), st_row(dc + at, u, H, cell * rest), st_row(dm + at, u, H, -du);
  });
}

}  // namespace KERNELS
