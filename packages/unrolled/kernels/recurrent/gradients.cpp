#include "gradients.h"

namespace KERNELS {

namespace {

size_t columns_of(size_t n) { return (n + wide_columns - 1) / wide_columns * wide_columns; }

/** Where run q of a band (16 neighboring units of one gate) lies. */
struct Run {
  size_t unit, gate, column;
};
Run run_of(const Band& band, size_t slots, size_t q) {
  const size_t block = q / band.count, slot = q % band.count;
  return {block * unit_block, band.gates[slot], (block * slots + band.first + slot) * unit_block};
}

/** Rows that are read side by side, their whole length: those of dz lie a multiple of 4 KB apart where H is a power of two, and no more
 * than eight lines that far apart stay in the L1 cache. */
constexpr size_t few = 8;

}  // namespace

size_t input_weight_floats(const Layer& l, const Band& band) { return l.blocks() * band.columns() * columns_of(l.I); }

void pack_input_weights(float* packed, const Layer& l, const Band& band, size_t j0, size_t j1) {
  const size_t K = l.blocks() * band.columns();
  for (size_t j = j0; j < j1; j += wide_columns)
    pack_rows(packed + j * K, wide_columns, smaller(wide_columns, l.I - j), K, [&](size_t k) {
      const size_t unit = k / band.columns() * unit_block + k % unit_block, gate = band.gates[k % band.columns() / unit_block];
      return unit < l.H ? l.weight_ih + (gate * l.H + unit) * l.I + j : (const float*)nullptr;
    });
}

size_t gradient_scratch(const Layer& l) {
  const size_t N = smaller(columns_of(larger(l.I, l.H)), block_n);
  return block_m * block_k + N * block_k + l.units();
}

void Gradients::input(float* dx, const Band& ih, const float* packed, size_t r0, size_t r1, float* scratch) const {
  const size_t K = l.blocks() * ih.columns(), some = block_k / ih.columns();  // blocks of units at a time
  for (size_t r = r0; r < r1; r += block_m) {
    const size_t M = smaller(block_m, r1 - r);
    for (size_t b = 0; b == 0 || b < l.blocks(); b += some) {  // once without units too: it writes zeros
      const size_t count = smaller(some, l.blocks() - b), k = b * ih.columns(), part = count * ih.columns();
      for (size_t i = 0; i < M; i += wide_rows) {
        const size_t m = smaller(wide_rows, M - i);
        for (size_t at = 0; at < count; at++) {
          const float* from = dz + (r + i) * l.ldz() + ((b + at) * l.slots + ih.first) * unit_block;
          pack_transposed(scratch + i * part + at * ih.columns() * m, m, m, ih.columns(), [&](size_t row) { return from + row * l.ldz(); });
        }
      }
      float* to = dx + r * l.I;
      multiply_packed(wide_rows, wide_vectors, M, l.I, part, scratch, packed + k * wide_columns, K, b ? to : nullptr, l.I, to, l.I);
    }
  }
}

template <class Row>
void Gradients::weight(float* dweight, size_t N, const Band& band, size_t q0, size_t q1, float* scratch, Row row) const {
  float *packed_a = scratch, *packed_b = scratch + block_m * block_k;
  const size_t R = l.steps * l.B, some = block_m / unit_block;
  for (size_t n = 0; n < N; n += block_n) {
    const size_t columns = smaller(block_n, N - n);
    for (size_t k = 0; k == 0 || k < R; k += block_k) {  // once for no rows too: it writes zeros
      const size_t K = smaller(block_k, R - k);
      for (size_t r = 0; r < K; r += few)
        for (size_t j = 0; j < columns; j += wide_columns)
          pack_rows(packed_b + j * K + r * wide_columns, wide_columns, smaller(wide_columns, columns - j), smaller(few, K - r),
                    [&](size_t at) {
                      const float* from = row(k + r + at);
                      return from ? from + n + j : nullptr;
                    });
      for (size_t q = q0; q < q1; q += some) {
        const size_t end = smaller(q + some, q1);
        for (size_t r = 0; r < K; r += few)
          for (size_t p = q; p < end; p++) {
            const Run run = run_of(band, l.slots, p);
            for (size_t i = 0; i < unit_block && run.unit + i < l.H; i += wide_rows) {
              const size_t m = smaller(wide_rows, l.H - run.unit - i);
              const float* from = dz + (k + r) * l.ldz() + run.column + i;
              pack_rows(packed_a + ((p - q) * unit_block + i) * K + r * m, m, m, smaller(few, K - r),
                        [&](size_t at) { return from + at * l.ldz(); });
            }
          }
        for (size_t j = 0; j < columns; j += wide_columns)
          for (size_t p = q; p < end; p++) {
            const Run run = run_of(band, l.slots, p);
            for (size_t i = 0; i < unit_block && run.unit + i < l.H; i += wide_rows) {
              float* to = dweight + (run.gate * l.H + run.unit + i) * N + n + j;
              multiply_packed(wide_rows, wide_vectors, smaller(wide_rows, l.H - run.unit - i), smaller(wide_columns, columns - j), K,
                              packed_a + ((p - q) * unit_block + i) * K, packed_b + j * K, K, k ? to : nullptr, N, to, N);
            }
          }
      }
    }
  }
}

void Gradients::weight_ih(float* dweight, const Band& band, size_t q0, size_t q1, float* scratch) const {
  weight(dweight, l.I, band, q0, q1, scratch, [&](size_t r) { return l.active(r / l.B, r % l.B) ? l.x + r * l.I : (const float*)nullptr; });
}

void Gradients::weight_hh(float* dweight, const Band& band, size_t q0, size_t q1, float* scratch) const {
  float* masked = scratch + gradient_scratch(l) - l.units();
  weight(dweight, l.H, band, q0, q1, scratch, [&](size_t r) {
    const size_t t = r / l.B, b = r % l.B;
    const float* h = l.active(t, b) ? l.h_before(y, t, b) : nullptr;
    if (!h || !l.mask) return h;
    for (size_t u = 0; u < l.units(); u += VW) st(masked + u, ld_row(h, u, l.H) * ld_row(l.mask_row(b), u, l.H));
    return (const float*)masked;
  });
}

void Gradients::weight_reset(float* dweight, const Band& band, size_t q0, size_t q1, float* scratch) const {
  weight(dweight, l.H, band, q0, q1, scratch,
         [&](size_t r) { return l.active(r / l.B, r % l.B) ? reset_h + r * l.units() : (const float*)nullptr; });
}

void Gradients::bias(float* dbias, const Band& band, size_t q0, size_t q1) const {
  constexpr size_t some = 8;  // runs at a time, neighbors for the most part: a row's lines are read in order
  for (size_t q = q0; q < q1; q += some) {
    const size_t count = smaller(some, q1 - q);
    V sum[some][block_vectors] = {};
    const float* from[some];
    for (size_t i = 0; i < count; i++) from[i] = dz + run_of(band, l.slots, q + i).column;
    for (size_t r = 0; r < l.steps * l.B; r++)
      for (size_t i = 0; i < count; i++, from[i - 1] += l.ldz())
        for (size_t v = 0; v < block_vectors; v++) sum[i][v] += ld(from[i] + v * VW);
    for (size_t i = 0; i < count; i++) {
      const Run run = run_of(band, l.slots, q + i);
      for (size_t v = 0; v < block_vectors; v++) st_row(dbias + run.gate * l.H, run.unit + v * VW, l.H, sum[i][v]);
    }
  }
}

}  // namespace KERNELS
