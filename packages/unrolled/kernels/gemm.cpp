// C = op(A) · op(B) + bias, see gemm.h.
//
// Threads cut the longer side of C (or the batch) and share nothing, so there is no barrier. Workspace per thread: a block of A and a block
// of B, at most 192·512 + 512·1920 floats (4.3 MB), less where the matrices are smaller.

#include "gemm.h"
#include "kernels.h"
#include "parallel.h"

namespace KERNELS {

namespace {

struct Product {
  size_t M, N, K;
  bool trans_a, trans_b;
  size_t lda, ldb, ldc;
};

size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }
size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/** Few rows: B is used once, so it is not packed as a whole. */
bool is_thin(const Product& p) { return p.M <= max_rows; }

/** Steps of k in one go. A thin product keeps its panel of B in the L1 cache. */
size_t k_step(const Product& p) { return smaller(p.K, is_thin(p) && p.trans_b ? 64 : block_k); }

size_t a_floats(const Product& p) { return round_up(smaller(p.M, block_m) * k_step(p), 16); }
size_t b_floats(const Product& p) {
  const size_t columns = is_thin(p) ? max_vectors * VW : smaller(round_up(p.N, wide_columns), block_n);
  return columns * k_step(p);
}

/** Rows [m, m + M) and k in [k, k + K) of op(A) into panels of `rows`. */
void pack_a(float* to, const Product& p, const float* a, size_t m, size_t M, size_t k, size_t K, size_t rows) {
  for (size_t i = 0; i < M; i += rows) {
    const size_t n = smaller(rows, M - i);
    if (p.trans_a)
      pack_rows(to + i * K, n, n, K, [&](size_t at) { return a + (k + at) * p.lda + m + i; });
    else
      pack_transposed(to + i * K, n, n, K, [&](size_t row) { return a + (m + i + row) * p.lda + k; });
  }
}

/** Columns [n, n + N) and k in [k, k + K) of op(B) into panels of `width`. */
void pack_b(float* to, const Product& p, const float* b, size_t n, size_t N, size_t k, size_t K, size_t width) {
  for (size_t j = 0; j < N; j += width) {
    const size_t columns = smaller(width, N - j);
    if (p.trans_b)
      pack_transposed(to + j * K, width, width, K,
                      [&](size_t column) { return column < columns ? b + (n + j + column) * p.ldb + k : (const float*)nullptr; });
    else
      pack_rows(to + j * K, width, columns, K, [&](size_t at) { return b + (k + at) * p.ldb + n + j; });
  }
}

/** At most max_rows rows: one panel at a time of B, straight from its place or through the L1 cache. */
void thin_product(const Product& p, float* c, const float* a, const float* b, const float* start, size_t lds, size_t n, size_t n_end,
                  float* scratch) {
  const size_t vectors = tile_vectors(p.M), width = vectors * VW, rows = tile_rows(vectors);
  float *packed_a = scratch, *packed_b = scratch + a_floats(p);
  for (size_t k = 0; k < p.K; k += k_step(p)) {
    const size_t K = smaller(k_step(p), p.K - k);
    const bool in_place = p.M == 1 && (!p.trans_a || p.lda == 1);  // a row already is a packed panel
    if (!in_place) pack_a(packed_a, p, a, 0, p.M, k, K, rows);
    const float* panel_a = in_place ? a + k : packed_a;
    for (size_t j = n; j < n_end; j += width) {
      const size_t columns = smaller(width, n_end - j);
      const float* from = k ? c + j : start ? start + j : nullptr;
      const bool direct = !p.trans_b && columns % VW == 0;
      if (!direct) pack_b(packed_b, p, b, j, columns, k, K, width);
      const float* panel_b = direct ? b + k * p.ldb + j : packed_b;
      for (size_t i = 0; i < p.M; i += rows) {
        const size_t m = smaller(rows, p.M - i);
        const float* first = from ? from + i * (k ? p.ldc : lds) : nullptr;
        if (columns % VW == 0)
          tile(m, columns / VW)(K, panel_a + i * K, panel_b, direct ? p.ldb : width, first, k ? p.ldc : lds, c + i * p.ldc + j, p.ldc);
        else
          tile_part(columns, m, (columns + VW - 1) / VW, K, panel_a + i * K, panel_b, width, first, k ? p.ldc : lds, c + i * p.ldc + j,
                    p.ldc);
      }
    }
  }
}

/** Rows [m0, m1) and columns [n0, n1) of C, both operands packed block by block. */
void blocked_product(const Product& p, float* c, const float* a, const float* b, const float* start, size_t lds, size_t m0, size_t m1,
                     size_t n0, size_t n1, float* scratch) {
  float *packed_a = scratch, *packed_b = scratch + a_floats(p);
  for (size_t n = n0; n < n1; n += block_n) {
    const size_t N = smaller(block_n, n1 - n);
    for (size_t k = 0; k < p.K; k += block_k) {
      const size_t K = smaller(block_k, p.K - k);
      pack_b(packed_b, p, b, n, N, k, K, wide_columns);
      for (size_t m = m0; m < m1; m += block_m) {
        const size_t M = smaller(block_m, m1 - m);
        float* to = c + m * p.ldc + n;
        const float* from = k ? to : start ? start + m * lds + n : nullptr;
        pack_a(packed_a, p, a, m, M, k, K, wide_rows);
        multiply_packed(wide_rows, wide_vectors, M, N, K, packed_a, packed_b, K, from, k ? p.ldc : lds, to, p.ldc);
      }
    }
  }
}

/** One column: the transposed product has one row, and its C lies in memory alike. */
bool is_column(size_t M, size_t N) { return N == 1 && M > 1; }

Product product_of(size_t M, size_t N, size_t K, bool trans_a, bool trans_b) {
  if (is_column(M, N)) return {1, M, K, false, !trans_a, K, trans_a ? M : K, M};
  return {M, N, K, trans_a, trans_b, trans_a ? M : K, trans_b ? K : N, N};
}

size_t thread_floats(const Product& p) { return a_floats(p) + b_floats(p); }

/** Floats of a block of A where B is packed already. */
size_t rows_floats(size_t M, size_t K) { return round_up(smaller(M, block_m) * K, 16); }

/** c = bias on every row (0 without one), or c += bias. */
void start_rows(float* c, const float* bias, size_t batch, size_t M, size_t N, size_t stride, bool accumulate) {
  if (accumulate && !bias) return;
  for (size_t i = 0; i < batch; i++)
    for (size_t m = 0; m < M; m++)
      for (size_t n = 0; n < N; n++) {
        float& at = c[i * stride + m * N + n];
        at = accumulate ? at + bias[n] : bias ? bias[n] : 0;
      }
}

}  // namespace

size_t gemm_workspace(float*, const float*, const float*, const float*, size_t, size_t M, size_t N, size_t K, bool trans_a, bool trans_b,
                      size_t, size_t, size_t, bool, void*) {
  return threads() * thread_floats(product_of(M, N, K, trans_a, trans_b)) * sizeof(float);
}

void gemm(float* c, const float* a, const float* b, const float* bias, size_t batch, size_t M, size_t N, size_t K, bool trans_a,
          bool trans_b, size_t a_stride, size_t b_stride, size_t c_stride, bool accumulate, void* scratch) {
  if (batch * M * N == 0) return;
  const bool column = is_column(M, N);
  if (K == 0 || (bias && (accumulate || column))) {
    start_rows(c, bias, batch, M, N, c_stride, accumulate);
    if (K == 0) return;
    accumulate = true, bias = nullptr;
  }
  if (column) {
    const float* other = a;
    const size_t other_stride = a_stride;
    a = b, a_stride = b_stride, b = other, b_stride = other_stride;
  }
  const Product p = product_of(M, N, K, trans_a, trans_b);

  size_t size = threads_for((double)batch * (double)M * (double)N * (double)K, 1 << 19);
  const bool by_batch = batch >= 4 * size, by_rows = !by_batch && !is_thin(p) && p.M >= p.N;
  const size_t items = by_batch ? batch : by_rows ? p.M : p.N, unit = by_batch ? 1 : by_rows ? wide_rows : wide_columns;
  size = smaller(size, (items + unit - 1) / unit);
  team(size ? size : 1, [&](const Team& t) {
    float* mine = (float*)scratch + t.id * thread_floats(p);
    const size_t begin = t.begin(items, unit), end = t.end(items, unit);
    if (begin == end) return;
    for (size_t i = by_batch ? begin : 0; i < (by_batch ? end : batch); i++) {
      float* to = c + i * c_stride;
      const float* start = accumulate ? to : bias;
      const size_t lds = accumulate ? p.ldc : 0, n0 = by_batch || by_rows ? 0 : begin, n1 = by_batch || by_rows ? p.N : end;
      if (is_thin(p))
        thin_product(p, to, a + i * a_stride, b + i * b_stride, start, lds, n0, n1, mine);
      else
        blocked_product(p, to, a + i * a_stride, b + i * b_stride, start, lds, by_rows ? begin : 0, by_rows ? end : p.M, n0, n1, mine);
    }
  });
}

// Packed: panels of wide_columns with all of K, the last one filled up with zeros. Workspace per thread: a block of rows of A.
void pack_matrix(float* packed, const float* b, size_t N, size_t K, bool trans_b) {
  const Product p = product_of(0, N, K, false, trans_b);
  const size_t panels = (N + wide_columns - 1) / wide_columns;
  parallel(panels, light_grain / (K * wide_columns + 1) + 1, [=](size_t begin, size_t end) {
    const size_t n = begin * wide_columns, to = smaller(end * wide_columns, N);
    pack_b(packed + n * K, p, b, n, to - n, 0, K, wide_columns);
  });
}

size_t gemm_packed_workspace(float*, const float*, const float*, const float*, size_t M, size_t, size_t K, bool, void*) {
  return threads() * rows_floats(M, K) * sizeof(float);
}

void gemm_packed(float* c, const float* a, const float* packed, const float* bias, size_t M, size_t N, size_t K, bool accumulate,
                 void* scratch) {
  if (M * N == 0) return;
  if (K == 0 || (bias && accumulate)) {
    start_rows(c, bias, 1, M, N, 0, accumulate);
    if (K == 0) return;
    accumulate = true, bias = nullptr;
  }
  const Product p = {M, N, K, false, false, K, N, N};
  // Pieces are some panels of a block of rows, of 2^19 multiply-adds or more, and are drawn: another thread does what one does not get to.
  const size_t panels = (N + wide_columns - 1) / wide_columns, rows = smaller(M, block_m), strips = (M + rows - 1) / rows;
  const size_t per = smaller(panels, (1 << 19) / (rows * K * wide_columns) + 1), pieces = (panels + per - 1) / per;
  const size_t size = smaller(threads_for((double)M * (double)N * (double)K, 1 << 19), strips * pieces);
  Tickets tickets;
  shares(size ? size : 1, [&](const Team& t) {
    float* packed_a = (float*)scratch + t.id * rows_floats(M, K);
    size_t m = M, count = 0;  // the rows that are packed
    for (size_t ticket; (ticket = tickets.next()) < strips * pieces;) {
      const size_t first = ticket / pieces * rows, n = ticket % pieces * per * wide_columns;
      if (m != first) {
        m = first, count = smaller(rows, M - m);
        for (size_t k = 0; k < K; k += block_k) pack_a(packed_a + k * count, p, a, m, count, k, smaller(block_k, K - k), wide_rows);
      }
      for (size_t k = 0; k < K; k += block_k) {
        float* to = c + m * N + n;
        const float* from = k || accumulate ? to : bias ? bias + n : nullptr;
        multiply_packed(wide_rows, wide_vectors, count, smaller(per * wide_columns, N - n), smaller(block_k, K - k), packed_a + k * count,
                        packed + n * K + k * wide_columns, K, from, k || accumulate ? N : 0, to, N);
      }
    }
  });
}

}  // namespace KERNELS
