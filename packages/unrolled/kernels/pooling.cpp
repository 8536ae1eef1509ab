// Pooling: the largest or the mean under a window. Planes (a channel of an image each) are independent.

#include "kernels.h"
#include "parallel.h"

namespace KERNELS {

namespace {

/** Taps [first, last) of a window of one axis that are on pixels, the window starting at `start` (which may be negative, wrapped). */
struct Reach {
  size_t first = 0, last;

  Reach(size_t start, size_t kernel, size_t dilation, size_t size) : last(kernel) {
    while (first < kernel && (ptrdiff_t)(start + first * dilation) < 0) first++;
    while (last > first && start + (last - 1) * dilation >= size) last--;
  }
};

/** What a window's padding adds to the count of one axis: it reaches `padding` beyond each edge, and no further. */
size_t counted(size_t start, size_t kernel, size_t padding, size_t size) {
  const ptrdiff_t from = (ptrdiff_t)start, limit = (ptrdiff_t)(size + padding), to = from + (ptrdiff_t)kernel;
  const ptrdiff_t n = (to < limit ? to : limit) - from;
  return n > 0 ? (size_t)n : 0;
}

/** body(plane, place, window rows, window columns, first row, first column) for every place of planes [begin, end). */
template <class F>
void each_place(size_t begin, size_t end, size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph,
                size_t pw, size_t dh, size_t dw, F body) {
  for (size_t plane = begin; plane < end; plane++)
    for (size_t oy = 0; oy < oh; oy++) {
      const size_t y = oy * sh - ph;
      const Reach rows(y, kh, dh, h);
      for (size_t ox = 0; ox < ow; ox++) {
        const size_t x = ox * sw - pw;
        body(plane, oy * ow + ox, rows, Reach(x, kw, dw, w), y, x);
      }
    }
}

/** Planes that are worth a thread. */
size_t planes_of(size_t places, size_t taps) { return light_grain / 8 / (places * taps + 1) + 1; }

}  // namespace

void max_pool(float* y, int32_t* index, const float* x, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw,
              size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw) {
  parallel(B * C, planes_of(oh * ow, kh * kw), [=](size_t begin, size_t end) {
    each_place(begin, end, h, w, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw,
               [=](size_t plane, size_t place, const Reach& rows, const Reach& columns, size_t top, size_t left) {
                 const float* from = x + plane * h * w;
                 float largest = -__builtin_inff();
                 int32_t at = -1;
                 for (size_t ky = rows.first; ky < rows.last; ky++)
                   for (size_t kx = columns.first; kx < columns.last; kx++) {
                     const size_t pixel = (top + ky * dh) * w + left + kx * dw;
                     const float value = from[pixel];
                     if (at < 0 || value > largest || (value != value && largest == largest)) largest = value, at = (int32_t)pixel;
                   }
                 y[plane * oh * ow + place] = largest, index[plane * oh * ow + place] = at;
               });
  });
}

void max_pool_backward(float* dx, const float* dy, const int32_t* index, size_t planes, size_t pixels, size_t places) {
  parallel(planes, light_grain / (pixels + places + 1) + 1, [=](size_t begin, size_t end) {
    for (size_t i = begin * pixels; i < end * pixels; i++) dx[i] = 0;
    for (size_t plane = begin; plane < end; plane++)
      for (size_t at = plane * places; at < (plane + 1) * places; at++) {
        const size_t pixel = (size_t)(uint32_t)index[at];
        if (pixel < pixels) dx[plane * pixels + pixel] += dy[at];
      }
  });
}

namespace {

/** What the sum under a window is divided by. */
float divisor(bool count_padding, const Reach& rows, const Reach& columns, size_t top, size_t left, size_t kh, size_t kw, size_t ph,
              size_t pw, size_t h, size_t w) {
  const size_t n =
      count_padding ? counted(top, kh, ph, h) * counted(left, kw, pw, w) : (rows.last - rows.first) * (columns.last - columns.first);
  return n ? (float)n : 1.0f;
}

}  // namespace

void average_pool(float* y, const float* x, bool count_padding, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow, size_t kh,
                  size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t, size_t) {
  parallel(B * C, planes_of(oh * ow, kh * kw), [=](size_t begin, size_t end) {
    each_place(begin, end, h, w, oh, ow, kh, kw, sh, sw, ph, pw, 1, 1,
               [=](size_t plane, size_t place, const Reach& rows, const Reach& columns, size_t top, size_t left) {
                 float sum = 0;
                 for (size_t ky = rows.first; ky < rows.last; ky++) {
                   float row = 0;  // on its own first, which keeps large windows accurate
                   for (size_t kx = columns.first; kx < columns.last; kx++) row += x[plane * h * w + (top + ky) * w + left + kx];
                   sum += row;
                 }
                 y[plane * oh * ow + place] = sum / divisor(count_padding, rows, columns, top, left, kh, kw, ph, pw, h, w);
               });
  });
}

void average_pool_backward(float* dx, const float* dy, bool count_padding, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow,
                           size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t, size_t) {
  parallel(B * C, planes_of(oh * ow, kh * kw), [=](size_t begin, size_t end) {
    for (size_t i = begin * h * w; i < end * h * w; i++) dx[i] = 0;
    each_place(begin, end, h, w, oh, ow, kh, kw, sh, sw, ph, pw, 1, 1,
               [=](size_t plane, size_t place, const Reach& rows, const Reach& columns, size_t top, size_t left) {
                 const float share = dy[plane * oh * ow + place] / divisor(count_padding, rows, columns, top, left, kh, kw, ph, pw, h, w);
                 for (size_t ky = rows.first; ky < rows.last; ky++)
                   for (size_t kx = columns.first; kx < columns.last; kx++) dx[plane * h * w + (top + ky) * w + left + kx] += share;
               });
  });
}

}  // namespace KERNELS
