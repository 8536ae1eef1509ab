// Backpropagation through time for a whole sequence, see layer.h.
//
//   walk, from the last step to the first:
//     gates       dh = carry + mask ⊙ through + dy; block by block the activations in the reserve become dz, in place, and dz is packed
//     multiply    through = dz · W_hh, for the step before
//   products      with dz of all steps known: dx = dz · W_ih, dW_ih = dzᵀ · x, dW_hh = dzᵀ · h, dbias = Σ dz (gradients.h)
//
// dh, what reaches the state before a step, is kept in two parts, because only one of them passed the mask:
//   carry [B, units]    what reaches it directly: z ⊙ dh in a GRU, all of it in a row that has not begun
//   through [B, units]  what came through W_hh, to be masked
//
// The packed dz has two buffers: threads that share a step write one while others still read that of the step before.
//
// Workspace, floats: packed W_hh and W_ih, G·units·(I + H); B·units·(3 + 2·G); per thread two blocks for the products, at most 1.1 million;
// RNN also T·B·units for dz, gruResetBefore T·B·units for r ⊙ h.

#include "cells.h"
#include "gradients.h"

namespace KERNELS {

namespace {

/** A band of W_hh as the right-hand side of dh = dz · W_hh, and the packed dz that it meets (one more while others still read the last). */
struct BackBand {
  Band band;
  size_t K;          // blocks · columns of the band: what is summed over
  size_t vectors;    // in a panel
  float* weights;    // [units / width][K][width]: columns of W_hh, that is units of the state before
  float* packed[2];  // panels [K][rows] of dz: step s uses s % 2

  size_t width() const { return vectors * VW; }
  size_t rows() const { return tile_rows(vectors); }

  static BackBand make(Arena& arena, const Band& band, const Layer& l, size_t rows) {
    BackBand w = {band, l.blocks() * band.columns(), tile_vectors(rows), nullptr, {}};
    w.weights = arena.take((l.units() + max_vectors * VW) * w.K);
    for (float*& piece : w.packed) piece = arena.take(l.B * w.K);
    return w;
  }

  /** Columns [j0, j1) of W_hh. */
  void pack(const Layer& l, size_t j0, size_t j1) const {
    for (size_t j = j0; j < j1; j += width())
      pack_rows(weights + j * K, width(), j < l.H ? smaller(width(), l.H - j) : 0, K, [&](size_t k) {
        const size_t unit = k / band.columns() * unit_block + k % unit_block, gate = band.gates[k % band.columns() / unit_block];
        return unit < l.H ? l.weight_hh + (gate * l.H + unit) * l.H + j : (const float*)nullptr;
      });
  }

  /** dz [m, …] (rows from z at block b on) into the packed panel that starts at row r. */
  void pack_dz(size_t which, const float* z, const Layer& l, size_t b, size_t r, size_t m) const {
    const float* from = z + (b * l.slots + band.first) * unit_block;
    pack_transposed(packed[which] + r * K + b * band.columns() * m, m, m, band.columns(), [&](size_t i) { return from + i * l.ldz(); });
  }

  /** out [B, units], on the part = start + dz · W_hh. */
  void multiply(size_t which, float* out, const float* start, const Layer& l, const Part& part) const {
    const size_t at = part.r0 * l.units() + part.b0 * unit_block;
    multiply_packed(rows(), vectors, part.r1 - part.r0, (part.b1 - part.b0) * unit_block, K, packed[which] + part.r0 * K,
                    weights + part.b0 * unit_block * K, K, start ? start + at : nullptr, l.units(), out + at, l.units());
  }
};

/** What the caller hands over besides the layer's inputs. */
struct BackwardArguments {
  float* dx;          // [T, B, I] or null
  float* dweight_ih;  // [G·H, I]
  float* dweight_hh;  // [G·H, H]
  float* dbias_ih;    // [G·H] or null
  float* dbias_hh;    // [G·H] or null
  float* dh0;         // [B, H] or null
  float* dc0;         // [B, H] or null; LSTM only
  const float* dy;    // [T, B, H], rows ldy apart, or null: zeros
  const float* dhn;   // [B, H] or null: zeros
  const float* dcn;   // [B, H] or null: zeros; LSTM only
  const float* y;     // [T, B, H], rows ldy apart
  float* reserve;     // as forward left it (see there); becomes dz
};

template <class Cell>
struct Backward : BackwardArguments {
  Layer l;
  Cut cut;
  BackBand hh;          // W_hh
  BackBand late;        // gruResetBefore: W_hn
  float* dz;            // [steps, B, ldz], where the activations were: the reserve; an RNN, which has none, takes memory of its own
  float* packed_input;  // W_ih as panels for dx = dz · W_ih
  float* carry;         // [B, units], see above
  float* through;       // [B, units], see above; gruResetBefore: first d(r ⊙ h)
  float* masked_carry;  // [B, units], gruResetBefore: r ⊙ d(r ⊙ h), which was under the mask as what comes through W_hh is
  float* reset_h;       // [steps, B, units], gruResetBefore: r ⊙ h, which dW_hn meets
  float* dc;            // [B, units], LSTM only
  float* scratch;       // a thread: two blocks for the products

  Backward(const Layer& layer, const BackwardArguments& arguments, void* workspace, size_t& bytes)
      : BackwardArguments(arguments), l(layer), cut(cut_of(l, Cell::gates)) {
    Arena arena(workspace);
    const size_t state = l.B * l.units(), rows = cut.by_rows ? l.B / cut.size : l.B;
    hh = BackBand::make(arena, Cell::hh, l, rows);
    if constexpr (Cell::reset_first) late = BackBand::make(arena, Cell::late, l, rows);
    dz = Cell::slots == 1 ? arena.take(l.steps * l.B * l.ldz()) : reserve;
    packed_input = dx ? arena.take(input_weight_floats(l, Cell::ih)) : nullptr;
    carry = arena.take(state);
    through = arena.take(state);
    masked_carry = arena.take(Cell::reset_first ? state : 0);
    reset_h = Cell::reset_first ? arena.take(l.steps * state) : nullptr;
    dc = arena.take(Cell::has_c ? state : 0);
    scratch = arena.take(threads() * scratch_floats());
    bytes = arena.bytes();
  }

  size_t scratch_floats() const { return (gradient_scratch(l) + 15) / 16 * 16; }
  /** Blocks of units that share a panel of W_hh. */
  size_t group() const { return larger(1, hh.vectors / block_vectors); }
  /** c after time t [units], saved behind z. */
  const float* c_kept(size_t t, size_t row) const { return reserve + (l.T * l.B * l.slots + t * l.B + row) * l.units(); }

  /** Steps, and what they need: run by cut.size threads. */
  void walk(const Team& team) {
    const Part part = cut.part(l, team, group());
    hh.pack(l, team.begin(l.units(), hh.width()), team.end(l.units(), hh.width()));
    if constexpr (Cell::reset_first) late.pack(l, team.begin(l.units(), late.width()), team.end(l.units(), late.width()));
    each_vector(part, [&](size_t r, size_t u) {
      const size_t at = r * l.units() + u;
      st(carry + at, ld_row(dhn ? dhn + r * l.H : nullptr, u, l.H));
      st(through + at, V{});
      if constexpr (Cell::has_c) st(dc + at, ld_row(dcn ? dcn + r * l.H : nullptr, u, l.H));
    });
    team.barrier();
    for (size_t s = l.steps; s-- > 0;) step(team, part, s);
    each_vector(part, [&](size_t r, size_t u) {
      if (dh0) st_row(dh0 + r * l.H, u, l.H, dh_of(r, u));
      if constexpr (Cell::has_c)
        if (dc0) st_row(dc0 + r * l.H, u, l.H, ld(dc + r * l.units() + u));
    });
  }

  template <class F>
  void each_vector(const Part& part, F body) const {
    for (size_t r = part.r0; r < part.r1; r++)
      for (size_t u = part.b0 * unit_block; u < part.b1 * unit_block; u += VW) body(r, u);
  }

  /** The gradient of the state, as far as later steps give it. */
  INLINE V masked_through(const float* through, const float* mask, size_t at, size_t u, size_t H) {
    const V v = ld(through + at);
    return mask ? v * ld_row(mask, u, H) : v;
  }
  V dh_of(size_t r, size_t u) const {
    const size_t at = r * l.units() + u;
    return ld(carry + at) + masked_through(through, l.mask_row(r), at, u, l.H);
  }

  /** One step on this thread's part: its dz, and then `through` for the step before. */
  void step(const Team& team, const Part& part, size_t s) {
    const size_t t = l.time(s), which = s % 2;
    float* rows = dz + t * l.B * l.ldz();
    for (size_t b = part.b0; b < part.b1; b++)
      for (size_t r = part.r0; r < part.r1; r += hh.rows()) {
        const size_t m = smaller(hh.rows(), part.r1 - r);
        gates(rows, t, b, r, m);
        if constexpr (Cell::reset_first)
          late.pack_dz(which, rows + r * l.ldz(), l, b, r, m);
        else
          hh.pack_dz(which, rows + r * l.ldz(), l, b, r, m);
      }
    cut.barrier(team);
    if (s == 0 && !dh0 && !Cell::reset_first) return;
    if constexpr (Cell::reset_first) {
      late.multiply(which, through, nullptr, l, part);
      for (size_t b = part.b0; b < part.b1; b++)
        for (size_t r = part.r0; r < part.r1; r += hh.rows()) {
          const size_t m = smaller(hh.rows(), part.r1 - r);
          reset(rows, t, b, r, m);
          hh.pack_dz(which, rows + r * l.ldz(), l, b, r, m);
        }
      cut.barrier(team);
      hh.multiply(which, through, masked_carry, l, part);
    } else {
      hh.multiply(which, through, nullptr, l, part);
    }
  }

  /** Block b of rows [r, r + m) at time t: dh to dz, in place, and to what goes on to the step before. */
  void gates(float* rows, size_t t, size_t b, size_t r, size_t m) {
    for (size_t i = 0; i < m; i++) {
      const size_t row = r + i, before = l.reverse ? t + 1 : t - 1;
      float* z = rows + row * l.ldz() + b * Cell::slots * unit_block;  // [slots][16] of this row
      const bool active = l.active(t, row), first = l.reverse ? t + 1 == l.steps : t == 0;
      const float* h = Cell::wants_h ? l.h_before(y, t, row) : nullptr;   // [H], before the step; null: zeros
      const float* dy_row = dy ? dy + (t * l.B + row) * l.ldy : nullptr;  // [H]; null: zeros
      const float* c = nullptr;                                           // before the step: c0 [H] or a saved one [units]
      if constexpr (Cell::has_c) c = first ? (l.c0 ? l.c0 + row * l.H : nullptr) : c_kept(before, row);
      for (size_t e = 0; e < unit_block; e += VW) {
        const size_t u = b * unit_block + e, at = row * l.units() + u;
        V dh = dh_of(row, u);
        if (!active) {  // the row has not begun: its state was handed on
          st(carry + at, dh);
          for (size_t k = 0; k < Cell::slots; k++) st(z + e + k * unit_block, V{});
          continue;
        }
        dh += ld_row(dy_row, u, l.H);
        Before s = {};
        if constexpr (Cell::wants_y) s.y = ld_row(y + (t * l.B + row) * l.ldy, u, l.H);
        if constexpr (Cell::wants_h) s.h = ld_row(h, u, l.H);
        V dc_now = V{};
        if constexpr (Cell::has_c) {
          s.c = first ? ld_row(c, u, l.H) : ld(c + u);
          s.c_new = ld(c_kept(t, row) + u);
          dc_now = ld(dc + at);
        }
        st(carry + at, Cell::backward(z + e, dh, dc_now, s));
        if constexpr (Cell::has_c) st(dc + at, dc_now);
      }
    }
  }

  /** gruResetBefore: d(r ⊙ h), now in `through`, to dr and to the masked h. */
  void reset(float* rows, size_t t, size_t b, size_t r, size_t m) {
    if constexpr (Cell::reset_first)
      for (size_t i = 0; i < m; i++) {
        const size_t row = r + i;
        float* z = rows + row * l.ldz() + b * Cell::slots * unit_block;
        const bool active = l.active(t, row);
        for (size_t e = 0; e < unit_block; e += VW) {
          const size_t u = b * unit_block + e, at = row * l.units() + u;
          V product = V{}, direct = V{};
          if (active) {
            V h = ld_row(l.h_before(y, t, row), u, l.H);
            if (l.mask) h *= ld_row(l.mask_row(row), u, l.H);
            direct = Cell::reset_backward(z + e, ld(through + at), h, product);
          }
          st(masked_carry + at, direct);
          st(reset_h + (t * l.B + row) * l.units() + u, product);
        }
      }
  }

  /** The products over all steps. */
  void products(const Team& team) {
    const Gradients g = {l, dz, y, reset_h};
    float* mine = scratch + team.id * scratch_floats();
    const size_t ih_runs = g.runs(Cell::ih), hh_runs = g.runs(Cell::hh), R = l.steps * l.B;
    const size_t q0 = team.begin(ih_runs), q1 = team.end(ih_runs), p0 = team.begin(hh_runs), p1 = team.end(hh_runs);
    if (dx) {
      pack_input_weights(packed_input, l, Cell::ih, team.begin(l.I, wide_columns), team.end(l.I, wide_columns));
      team.barrier();
      g.input(dx, Cell::ih, packed_input, team.begin(R, wide_rows), team.end(R, wide_rows), mine);
      for (size_t r = R + team.begin(l.T * l.B - R); l.I && r < R + team.end(l.T * l.B - R); r++)
        __builtin_memset(dx + r * l.I, 0, l.I * sizeof(float));
    }
    g.weight_ih(dweight_ih, Cell::ih, q0, q1, mine);
    if (dbias_ih) g.bias(dbias_ih, Cell::ih, q0, q1);
    g.weight_hh(dweight_hh, Cell::hh, p0, p1, mine);
    if (dbias_hh) g.bias(dbias_hh, Cell::hh, p0, p1);
    if constexpr (Cell::reset_first) {
      const size_t n = g.runs(Cell::late), n0 = team.begin(n), n1 = team.end(n);
      g.weight_reset(dweight_hh, Cell::late, n0, n1, mine);
      if (dbias_hh) g.bias(dbias_hh, Cell::late, n0, n1);
    }
  }

  /** Threads for the products. They share nothing, so less work pays than in the steps. */
  size_t product_threads() const {
    return threads_for((double)(l.steps * l.B) * (double)(Cell::gates * l.H) * (double)(2 * l.I + l.H), 1 << 20);
  }
};

}  // namespace

size_t sequence_backward_workspace(int cell, float* dx, float* dweight_ih, float* dweight_hh, float* dbias_ih, float* dbias_hh, float* dh0,
                                   float* dc0, const float* dy, const float* dhn, const float* dcn, const float* y, const float*,
                                   const float*, float* reserve, const float* x, const float* weight_ih, const float* weight_hh,
                                   const float* bias_ih, const float* bias_hh, const float* h0, const float* c0, const int32_t* lengths,
                                   const float* mask, size_t T, size_t B, size_t I, size_t H, size_t ldy, bool reverse, void*) {
  size_t bytes = 0;
  with_cell(cell, [&](auto kind) {
    using Cell = decltype(kind);
    const Layer l = {
        T, B, I, H, ldy, reverse, x, weight_ih, weight_hh, bias_ih, bias_hh, h0, c0, mask, lengths, Cell::slots, longest(lengths, T, B)};
    const BackwardArguments arguments = {dx, dweight_ih, dweight_hh, dbias_ih, dbias_hh, dh0, dc0, dy, dhn, dcn, y, reserve};
    Backward<Cell>(l, arguments, nullptr, bytes);
  });
  return bytes;
}

void sequence_backward(int cell, float* dx, float* dweight_ih, float* dweight_hh, float* dbias_ih, float* dbias_hh, float* dh0, float* dc0,
                       const float* dy, const float* dhn, const float* dcn, const float* y, const float*, const float*, float* reserve,
                       const float* x, const float* weight_ih, const float* weight_hh, const float* bias_ih, const float* bias_hh,
                       const float* h0, const float* c0, const int32_t* lengths, const float* mask, size_t T, size_t B, size_t I, size_t H,
                       size_t ldy, bool reverse, void* scratch) {
  with_cell(cell, [&](auto kind) {
    using Cell = decltype(kind);
    const Layer l = {
        T, B, I, H, ldy, reverse, x, weight_ih, weight_hh, bias_ih, bias_hh, h0, c0, mask, lengths, Cell::slots, longest(lengths, T, B)};
    const BackwardArguments arguments = {dx, dweight_ih, dweight_hh, dbias_ih, dbias_hh, dh0, dc0, dy, dhn, dcn, y, reserve};
    size_t bytes;
    Backward<Cell> backward(l, arguments, scratch, bytes);
    team(backward.cut.size, [&](const Team& t) { backward.walk(t); });
    team(backward.product_threads(), [&](const Team& t) { backward.products(t); });
  });
}

}  // namespace KERNELS
