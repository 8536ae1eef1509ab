// Walking strided windows: axes of one element are dropped and neighbors that lie together are joined, so that most walks end as one or
// two loops.

#pragma once
#include "kernels.h"
#include "parallel.h"

namespace KERNELS {

/** A window walked by two strides at once, axis rank − 1 the fastest. */
struct Walk {
  size_t rank = 0;
  size_t shape[max_rank];
  ptrdiff_t a[max_rank], b[max_rank];

  Walk(const double* full_shape, const double* full_a, const double* full_b, size_t full_rank) {
    for (size_t d = 0; d < full_rank; d++) {
      const size_t n = (size_t)full_shape[d];
      const ptrdiff_t sa = (ptrdiff_t)full_a[d], sb = (ptrdiff_t)full_b[d];
      if (n == 1) continue;
      if (rank > 0 && a[rank - 1] == sa * (ptrdiff_t)n && b[rank - 1] == sb * (ptrdiff_t)n) {
        shape[rank - 1] *= n, a[rank - 1] = sa, b[rank - 1] = sb;
      } else {
        shape[rank] = n, a[rank] = sa, b[rank] = sb, rank++;
      }
    }
    if (rank == 0) shape[0] = 1, a[0] = b[0] = 0, rank = 1;
  }

  size_t inner() const { return shape[rank - 1]; }

  /** Rows of the fastest axis. */
  size_t rows() const {
    size_t n = 1;
    for (size_t d = 0; d + 1 < rank; d++) n *= shape[d];
    return n;
  }

  /** Where row r starts. */
  void start(size_t r, ptrdiff_t* at_a, ptrdiff_t* at_b) const {
    *at_a = *at_b = 0;
    for (size_t d = rank - 1; d-- > 0;) {
      const ptrdiff_t i = (ptrdiff_t)(r % shape[d]);
      r /= shape[d];
      *at_a += i * a[d], *at_b += i * b[d];
    }
  }

  /** body(row, offset in a, offset in b) for rows [begin, end), without a division a row. */
  template <class F>
  void each_row(size_t begin, size_t end, F body) const {
    if (begin >= end) return;
    size_t index[max_rank], r = begin;
    for (size_t d = rank - 1; d-- > 0;) index[d] = r % shape[d], r /= shape[d];
    ptrdiff_t at_a, at_b;
    start(begin, &at_a, &at_b);
    for (size_t row = begin;;) {
      body(row, at_a, at_b);
      if (++row == end) return;
      for (size_t d = rank - 1; d-- > 0;) {
        at_a += a[d], at_b += b[d];
        if (++index[d] < shape[d]) break;
        at_a -= (ptrdiff_t)shape[d] * a[d], at_b -= (ptrdiff_t)shape[d] * b[d], index[d] = 0;
      }
    }
  }
};

}  // namespace KERNELS
