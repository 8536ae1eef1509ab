// A first-order linear recurrence over a whole sequence, and its gradient: h_t = a_t ⊙ h_(t−1) + b_t.
//
// Nothing in it crosses units or rows, so threads share B·H of them, and each walks through time in the layer's order: one multiply-add a
// unit and step, streaming. A tree over time would need more work and, on few cores, gain nothing; what is won against an ordinary
// recurrence is that its matrix products are done before, for all steps at once.
//
// Complex numbers lie as two halves of a row: H real parts, then H imaginary ones; W is H or 2H floats.

#include "layer.h"

namespace KERNELS {

namespace {

struct Scan {
  const float *a, *h0;
  const int32_t* lengths;
  size_t T, B, H;
  bool complex, constant, reverse;

  size_t width() const { return complex ? 2 * H : H; }
  size_t length(size_t b) const { return !lengths ? T : lengths[b] < 0 ? 0 : smaller(T, (size_t)lengths[b]); }
  /** The time at which a row of this length takes its step s. Beyond the length, where the padding is. */
  size_t time(size_t s, size_t length) const { return reverse && s < length ? length - 1 - s : s; }
  size_t row(size_t t, size_t b) const { return (t * B + b) * width(); }
  const float* factor(size_t t, size_t b) const { return constant ? a : a + row(t, b); }
};

/** Units [u, u + VW) of a row of n, or those of them that are there. */
INLINE V part(const float* row, size_t u, size_t end) { return u + VW <= end ? ld(row + u) : ld_part(row + u, end - u); }
INLINE void put(float* row, size_t u, size_t end, V v) {
  if (u + VW <= end)
    st(row + u, v);
  else
    st_part(row + u, v, end - u);
}

/** body(t, b, s, length, begin, end) for every step of every unit [begin, end) of row b, in the order of the steps or against it. */
template <class F>
void walk(const Scan& scan, bool backwards, F&& body) {
  const size_t unit = 16, blocks = (scan.H + unit - 1) / unit;
  parallel(scan.B * blocks, light_grain / (unit * (scan.T + 1)) + 1, [&](size_t begin, size_t end) {
    for (size_t k = 0; k < scan.T; k++) {
      const size_t s = backwards ? scan.T - 1 - k : k;
      for (size_t at = begin; at < end;) {
        const size_t b = at / blocks, stop = smaller(end, (b + 1) * blocks), length = scan.length(b);
        body(scan.time(s, length), b, s, length, (at - b * blocks) * unit, smaller((stop - b * blocks) * unit, scan.H));
        at = stop;
      }
    }
  });
}

void clear(float* row, const Scan& scan, size_t begin, size_t end) {
  __builtin_memset(row + begin, 0, (end - begin) * sizeof(float));
  if (scan.complex) __builtin_memset(row + scan.H + begin, 0, (end - begin) * sizeof(float));
}

void copy_row(float* to, const float* from, const Scan& scan) {
  if (from)
    __builtin_memcpy(to, from, scan.width() * sizeof(float));
  else
    __builtin_memset(to, 0, scan.width() * sizeof(float));
}

}  // namespace

void scan_forward(float* h, float* hn, const float* a, const float* b, const float* h0, const int32_t* lengths, size_t T, size_t B,
                  size_t H, bool complex, bool constant, bool reverse) {
  const Scan scan = {a, h0, lengths, T, B, H, complex, constant, reverse};
  walk(scan, false, [=](size_t t, size_t row, size_t s, size_t length, size_t begin, size_t end) {
    float* now = h + scan.row(t, row);
    if (s >= length) return clear(now, scan, begin, end);
    const float* before = s > 0 ? h + scan.row(scan.time(s - 1, length), row) : h0 ? h0 + row * scan.width() : nullptr;
    const float *factor = scan.factor(t, row), *input = b + scan.row(t, row);
    for (size_t u = begin; u < end; u += VW) {
      const V x = before ? part(before, u, end) : V{}, f = part(factor, u, end);
      if (!scan.complex) {
        put(now, u, end, fma_(f, x, part(input, u, end)));
      } else {
        const V y = before ? part(before + scan.H, u, end) : V{}, g = part(factor + scan.H, u, end);
        put(now, u, end, fma_(-g, y, fma_(f, x, part(input, u, end))));
        put(now + scan.H, u, end, fma_(g, x, fma_(f, y, part(input + scan.H, u, end))));
      }
    }
  });
  if (!hn) return;
  for (size_t row = 0; row < B && scan.width() > 0; row++) {
    const size_t length = scan.length(row);
    copy_row(hn + row * scan.width(),
             length > 0 ? h + scan.row(scan.time(length - 1, length), row)
             : h0       ? h0 + row * scan.width()
                        : nullptr,
             scan);
  }
}

// With g_t the whole gradient of h_t: g_t = dh_t + conj(a_(t+1)) ⊙ g_(t+1), db_t = g_t, da_t = g_t ⊙ conj(h_(t−1)).
void scan_backward(float* da, float* db, float* dh0, const float* dh, const float* dhn, const float* a, const float* h, const float* h0,
                   const int32_t* lengths, size_t T, size_t B, size_t H, bool complex, bool constant, bool reverse) {
  const Scan scan = {a, h0, lengths, T, B, H, complex, constant, reverse};
  if (da && constant && B * scan.width() > 0) __builtin_memset(da, 0, B * scan.width() * sizeof(float));
  walk(scan, true, [=](size_t t, size_t row, size_t s, size_t length, size_t begin, size_t end) {
    float *g = db + scan.row(t, row), *to = !da ? nullptr : constant ? da + row * scan.width() : da + scan.row(t, row);
    if (s >= length) {
      clear(g, scan, begin, end);
      if (to && !constant) clear(to, scan, begin, end);
      return;
    }
    const bool last = s + 1 == length;
    const size_t next = last ? 0 : scan.time(s + 1, length);
    // At the last step what comes is the gradient of the final state, as if by a factor of 1.
    const float* from = last ? (dhn ? dhn + row * scan.width() : nullptr) : db + scan.row(next, row);
    const float* factor = last ? nullptr : scan.factor(next, row);
    const float* arrived = dh ? dh + scan.row(t, row) : nullptr;
    const float* before = s > 0 ? h + scan.row(scan.time(s - 1, length), row) : h0 ? h0 + row * scan.width() : nullptr;
    for (size_t u = begin; u < end; u += VW) {
      V x = arrived ? part(arrived, u, end) : V{}, y = V{};
      if (scan.complex && arrived) y = part(arrived + scan.H, u, end);
      if (from) {
        const V gx = part(from, u, end), f = factor ? part(factor, u, end) : broadcast(1.0f);
        x = fma_(f, gx, x);
        if (scan.complex) {
          const V gy = part(from + scan.H, u, end), e = factor ? part(factor + scan.H, u, end) : V{};
          x = fma_(e, gy, x);
          y = fma_(-e, gx, fma_(f, gy, y));
        }
      }
      put(g, u, end, x);
      if (scan.complex) put(g + scan.H, u, end, y);
      if (!to || (!before && constant)) continue;
      const V hx = before ? part(before, u, end) : V{};
      V re = scan.constant ? part(to, u, end) : V{};
      re = fma_(x, hx, re);
      if (scan.complex) {
        const V hy = before ? part(before + scan.H, u, end) : V{};
        V im = scan.constant ? part(to + scan.H, u, end) : V{};
        re = fma_(y, hy, re);
        im = fma_(-x, hy, fma_(y, hx, im));
        put(to + scan.H, u, end, im);
      }
      put(to, u, end, re);
    }
  });
  if (!dh0) return;
  for (size_t row = 0; row < B; row++) {
    float* to = dh0 + row * scan.width();
    const size_t length = scan.length(row);
    if (length == 0) {
      if (scan.width() > 0) copy_row(to, dhn ? dhn + row * scan.width() : nullptr, scan);
      continue;
    }
    const size_t first = scan.time(0, length);
    const float *g = db + scan.row(first, row), *factor = scan.factor(first, row);
    for (size_t u = 0; u < H; u += VW) {
      const V x = part(g, u, H), f = part(factor, u, H);
      if (!complex) {
        put(to, u, H, f * x);
      } else {
        const V y = part(g + H, u, H), e = part(factor + H, u, H);
        put(to, u, H, fma_(e, y, f * x));
        put(to + H, u, H, fma_(-e, x, f * y));
      }
    }
  }
}

}  // namespace KERNELS
