// The point-wise half of each cell: one vector of units, forward and back.
//
// z points at the units' first slot; the others follow 16 floats apart. forward turns pre-activations into what backward wants, in place;
// backward turns that into the gradients of the pre-activations, in place, and returns the part of dh that reaches the old h directly.

#pragma once
#include "../kernels.h"
#include "../math.h"
#include "layer.h"

namespace KERNELS {

/** What backward reads besides z: states after and before the step. */
struct Before {
  V y, h, c, c_new;
};

/** h' = act(a). Nothing is kept: both derivatives can be read off y. */
template <bool relu>
struct RnnCell {
  static constexpr size_t gates = 1, slots = 1;
  static constexpr Band ih = {0, 1, {0}}, hh = ih;
  static constexpr bool has_c = false, wants_y = true, wants_h = false, reset_first = false;

  INLINE V forward(float* z, V, V&) {
    const V a = ld(z);
    return relu ? max(a, broadcast(0.0f)) : tanh(a);
  }
  INLINE V backward(float* z, V dh, V&, const Before& s) {
    st(z, relu ? select(s.y > broadcast(0.0f), dh, broadcast(0.0f)) : dh * (1.0f - s.y * s.y));
    return V{};
  }
};

/** i f g o: c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c'). */
struct LstmCell {
  static constexpr size_t gates = 4, slots = 4;
  static constexpr Band ih = {0, 4, {0, 1, 2, 3}}, hh = ih;
  static constexpr bool has_c = true, wants_y = false, wants_h = false, reset_first = false;

  INLINE V forward(float* z, V, V& c) {
    const V i = sigmoid(ld(z)), f = sigmoid(ld(z + 16)), g = tanh(ld(z + 32)), o = sigmoid(ld(z + 48));
    st(z, i), st(z + 16, f), st(z + 32, g), st(z + 48, o);
    c = fma_(f, c, i * g);
    return o * tanh(c);
  }
  INLINE V backward(float* z, V dh, V& dc, const Before& s) {
    const V i = ld(z), f = ld(z + 16), g = ld(z + 32), o = ld(z + 48), tanh_c = tanh(s.c_new);
    const V d = fma_(dh * o, 1.0f - tanh_c * tanh_c, dc);  // c' reaches the loss as c' and through h'
    st(z, d * g * i * (1.0f - i));
    st(z + 16, d * s.c * f * (1.0f - f));
    st(z + 32, d * i * (1.0f - g * g));
    st(z + 48, dh * tanh_c * o * (1.0f - o));
    dc = d * f;
    return V{};
  }
};

/** n r z u: n = tanh(n + r ⊙ u), h' = n + z ⊙ (h − n). */
struct GruCell {
  static constexpr size_t gates = 3, slots = 4;
  static constexpr Band ih = {0, 3, {2, 0, 1}}, hh = {1, 3, {0, 1, 2}};
  static constexpr bool has_c = false, wants_y = false, wants_h = true, reset_first = false;

  INLINE V forward(float* z, V h, V&) {
    const V r = sigmoid(ld(z + 16)), update = sigmoid(ld(z + 32)), n = tanh(fma_(r, ld(z + 48), ld(z)));
    st(z, n), st(z + 16, r), st(z + 32, update);
    return fma_(update, h - n, n);
  }
  INLINE V backward(float* z, V dh, V&, const Before& s) {
    const V n = ld(z), r = ld(z + 16), update = ld(z + 32), u = ld(z + 48);
    const V dn = dh * (1.0f - update) * (1.0f - n * n);
    st(z, dn);
    st(z + 16, dn * u * r * (1.0f - r));
    st(z + 32, dh * (s.h - n) * update * (1.0f - update));
    st(z + 48, dn * r);
    return dh * update;
  }
};

/** r z n: n = tanh(n), h' = n + z ⊙ (h − n), where W_hn (r ⊙ h) was added to n. reset() and reset_backward() are the half step before. */
struct GRUResetBeforeCell {
  static constexpr size_t gates = 3, slots = 3;
  static constexpr Band ih = {0, 3, {0, 1, 2}}, hh = {0, 2, {0, 1}}, late = {2, 1, {2}};
  static constexpr bool has_c = false, wants_y = false, wants_h = true, reset_first = true;

  /** → r ⊙ h, h being masked. */
  INLINE V reset(float* z, V h) {
    const V r = sigmoid(ld(z));
    st(z, r);
    return r * h;
  }
  INLINE V forward(float* z, V h, V&) {
    const V update = sigmoid(ld(z + 16)), n = tanh(ld(z + 32));
    st(z + 16, update), st(z + 32, n);
    return fma_(update, h - n, n);
  }
  /** Leaves r alone: dr needs d(r ⊙ h) first. */
  INLINE V backward(float* z, V dh, V&, const Before& s) {
    const V update = ld(z + 16), n = ld(z + 32);
    st(z + 16, dh * (s.h - n) * update * (1.0f - update));
    st(z + 32, dh * (1.0f - update) * (1.0f - n * n));
    return dh * update;
  }
  /** → what reaches the masked h through r ⊙ h; product becomes r ⊙ h itself. */
  INLINE V reset_backward(float* z, V dproduct, V h, V& product) {
    const V r = ld(z);
    st(z, dproduct * h * r * (1.0f - r));
    product = r * h;
    return dproduct * r;
  }
};

/** body(Cell()) for the cell with this number. */
template <class F>
INLINE void with_cell(int cell, F&& body) {
  switch (cell) {
    case RNN_TANH: return body(RnnCell<false>());
    case RNN_RELU: return body(RnnCell<true>());
    case LSTM: return body(LstmCell());
    case GRU: return body(GruCell());
    case GRU_RESET_BEFORE: return body(GRUResetBeforeCell());
  }
}

}  // namespace KERNELS
