// The sizes of a convolution, and how its tensors get into the form that tiles.h speaks of.

#pragma once
#include "../kernels.h"
#include "../parallel.h"
#include "tiles.h"

namespace KERNELS {

struct TensorShape {
  size_t B, C, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, O, groups;

  size_t pixels() const { return h * w; }
  size_t places() const { return oh * ow; }
  size_t taps() const { return kh * kw; }
  size_t Cg() const { return C / groups; }
  size_t Og() const { return O / groups; }
  /** Floats of an image with its pixel of zeros, before and after. */
  size_t x_image() const { return (pixels() + 1) * C; }
  size_t y_image() const { return (places() + 1) * O; }
};

/** The channels that one group gives, in panels. */
struct Panels {
  size_t channels, vectors, width, count;

  explicit Panels(size_t channels)
      : channels(channels), vectors(panel_vectors(channels)), width(vectors * VW), count((channels + width - 1) / width) {}
  size_t columns() const { return count * width; }
};

/** [B, C, n] → images of n + 1 pixels, pixels [begin, end) of all B·n; the last pixel of each is `clear_padding`'s. */
inline void to_pixels(float* to, const float* x, size_t C, size_t n, size_t begin, size_t end) {
  for (size_t at = begin; at < end;) {
    const size_t b = at / n, p = at % n, count = n - p < end - at ? n - p : end - at;
    float* image = to + b * (n + 1) * C;
    pack_transposed(image + p * C, C, C, count, [=](size_t c) { return x + (b * C + c) * n + p; });
    at += count;
  }
}

/** The pixel of zeros behind the n of each image, images [begin, end). */
inline void clear_padding(float* to, size_t C, size_t n, size_t begin, size_t end) {
  for (size_t b = begin; b < end; b++)
    for (size_t c = 0; c < C; c++) to[(b * (n + 1) + n) * C + c] = 0;
}

/** Images of n pixels, without one of zeros, → [B, C, n]; pixels [begin, end). */
inline void from_pixels(float* x, const float* from, size_t C, size_t n, size_t begin, size_t end) {
  for (size_t at = begin; at < end;) {
    const size_t b = at / n, p = at % n, count = n - p < end - at ? n - p : end - at;
    pack_transposed(x + b * C * n + p, n, count, C, [=](size_t i) { return from + (at + i) * C; });
    at += count;
  }
}

}  // namespace KERNELS
