// A recurrent layer over a whole sequence, see layer.h.
//
//   pack_weights     W_ih and W_hh into panels, both biases into one row of z
//   initial_state    h0 and c0 into h and c, h packed
//   for a chunk of steps (all of them where there is a reserve):
//     project        z = biases + x · W_ihᵀ, one product over the chunk
//     step, for each: block by block z += h · W_hhᵀ, then the gates on the block while it is in the cache: h, c, y, and h packed again
//
// The packed h has two buffers: a step reads one and writes the other, so that threads that share a step need one barrier.
//
// Reserve, floats (units: H padded to 16), what z has become and backward reads:
//   LSTM             T·B·4·units  i f g o    then T·B·units  c
//   GRU              T·B·4·units  n r z u
//   gruResetBefore   T·B·3·units  r z n
//   RNN              none: y is enough
// Workspace: the packed weights, G·units·(I + H); without a reserve z for a few hundred rows at a time; 4·B·units of state.

#include "cells.h"

namespace KERNELS {

namespace {

template <class Cell>
struct Forward {
  Layer l;
  float* y;        // [T, B, H], rows ldy apart
  float* hn;       // [B, H]
  float* cn;       // [B, H] or null; LSTM only
  float* reserve;  // z of all steps [T, B, ldz], then c [T, B, units] of an LSTM; null: nothing is saved
  Cut cut;
  size_t chunk;         // steps whose input product is computed at a time
  PackedBand ih;        // W_ih
  PackedBand hh;        // W_hh
  PackedBand late;      // gruResetBefore: W_hn, which meets r ⊙ h once all of r is known
  float* z;             // [chunk, B, ldz], or the reserve: pre-activations, then what backward reads
  float* biases;        // [ldz]: what a row of z starts at
  float* h;             // [B, units], the state
  float* c;             // [B, units], LSTM only
  float* packed_h[2];   // panels [units][rows] of h under the mask: step s writes s % 2 and reads the other
  float* packed_reset;  // panels [units][rows] of r ⊙ h; gruResetBefore only
  float* packed_x;      // a thread: panels [I][rows] of x_rows() rows of x

  Forward(const Layer& layer, float* saved, void* scratch, size_t& bytes)
      : l(layer), reserve(Cell::slots > 1 ? saved : nullptr), cut(cut_of(l, Cell::gates)) {
    Arena arena(scratch);
    const size_t rows = cut.by_rows ? l.B / cut.size : l.B, state = l.B * l.units();
    chunk = reserve ? larger(l.steps, 1) : larger(1, smaller(l.steps, 384 / larger(l.B, 1)));
    ih = PackedBand::make(arena, Cell::ih, l, l.I, cut.by_rows ? rows : l.B * chunk);
    hh = PackedBand::make(arena, Cell::hh, l, l.H, rows);
    if constexpr (Cell::reset_first) {
      late = PackedBand::make(arena, Cell::late, l, l.H, rows);
      late.vectors = smaller(late.vectors, tile_budget / hh.rows());  // both products of a step use panels of the same rows
      while (late.rows() < hh.rows() || late.band.count * block_vectors % late.vectors) late.vectors--;
      packed_reset = arena.take(state);
    }
    z = reserve ? reserve : arena.take(chunk * l.B * l.ldz());
    biases = arena.take(l.ldz());
    h = arena.take(state);
    c = arena.take(Cell::has_c ? state : 0);
    packed_h[0] = arena.take(state);
    packed_h[1] = arena.take(state);
    packed_x = arena.take(cut.size * x_rows() * l.I);
    bytes = arena.bytes();
  }

  /** Rows of x that are packed at a time: about the L2 cache's worth. */
  size_t x_rows() const { return larger(ih.rows(), smaller(block_m, block_m * block_k / larger(l.I, 1)) / ih.rows() * ih.rows()); }
  size_t panel_rows() const { return hh.rows(); }

  void run(const Team& team) {
    const Part part = cut.part(l, team, hh.group());
    pack_weights(team);
    initial_state(part);
    for (size_t t = l.steps + team.begin(l.T - l.steps); t < l.steps + team.end(l.T - l.steps); t++)
      for (size_t b = 0; l.H && b < l.B; b++) __builtin_memset(y + (t * l.B + b) * l.ldy, 0, l.H * sizeof(float));
    for (size_t s0 = 0; s0 < l.steps; s0 += chunk) {
      team.barrier();
      const size_t s1 = smaller(s0 + chunk, l.steps), t0 = l.reverse ? l.time(s1 - 1) : s0;
      project(team, part, t0, s1 - s0);
      cut.barrier(team);
      for (size_t s = s0; s < s1; s++) {
        step(team, part, s, z + (reserve ? l.time(s) : l.time(s) - t0) * l.B * l.ldz());
        cut.barrier(team);
      }
    }
    for (size_t r = part.r0; r < part.r1; r++)
      for (size_t u = part.b0 * unit_block; u < part.b1 * unit_block; u += VW) {
        st_row(hn + r * l.H, u, l.H, ld(h + r * l.units() + u));
        if constexpr (Cell::has_c)
          if (cn) st_row(cn + r * l.H, u, l.H, ld(c + r * l.units() + u));
      }
  }

  /** This thread's share of the weights, and on the first thread the biases: both of them where both products add to a slot. */
  void pack_weights(const Team& team) {
    const size_t n = l.blocks();
    ih.pack(l.weight_ih, l.H, team.begin(n, ih.group()), team.end(n, ih.group()));
    hh.pack(l.weight_hh, l.H, team.begin(n, hh.group()), team.end(n, hh.group()));
    if constexpr (Cell::reset_first) late.pack(l.weight_hh, l.H, team.begin(n), team.end(n));
    if (team.id > 0) return;
    for (size_t i = 0; i < l.ldz(); i++) biases[i] = 0;
    const auto add = [&](const Band& band, const float* bias) {
      for (size_t u = 0; bias && u < l.H; u++)
        for (size_t k = 0; k < band.count; k++)
          biases[(u / unit_block * l.slots + band.first + k) * unit_block + u % unit_block] += bias[band.gates[k] * l.H + u];
    };
    add(Cell::ih, l.bias_ih);
    add(Cell::hh, l.bias_hh);
    if constexpr (Cell::reset_first) add(Cell::late, l.bias_hh);
  }

  /** h = h0 and c = c0 on the part, and h packed where the first step looks for it. */
  void initial_state(const Part& part) {
    for (size_t r = part.r0; r < part.r1; r++)
      for (size_t u = part.b0 * unit_block; u < part.b1 * unit_block; u += VW) {
        st(h + r * l.units() + u, ld_row(l.h0 ? l.h0 + r * l.H : nullptr, u, l.H));
        if constexpr (Cell::has_c) st(c + r * l.units() + u, ld_row(l.c0 ? l.c0 + r * l.H : nullptr, u, l.H));
      }
    for (size_t b = part.b0; b < part.b1; b++)
      for (size_t r = part.r0; r < part.r1; r += panel_rows()) pack_state(packed_h[1], b, r, smaller(panel_rows(), part.r1 - r));
  }

  /** z = biases + x · W_ihᵀ for `count` steps from time t0. */
  void project(const Team& team, const Part& part, size_t t0, size_t count) {
    float* to = z + (reserve ? t0 * l.B * l.ldz() : 0);
    if (cut.by_rows) {
      for (size_t t = 0; t < count; t++) project_rows(team, to, t0 * l.B, t * l.B + part.r0, t * l.B + part.r1);
    } else {
      project_rows(team, to, t0 * l.B, team.begin(count * l.B, ih.rows()), team.end(count * l.B, ih.rows()));
    }
  }

  /** Rows [begin, end) of z at `to`, whose row 0 belongs to row x0 of x [T·B, I]. */
  void project_rows(const Team& team, float* to, size_t x0, size_t begin, size_t end) {
    float* packed = packed_x + team.id * x_rows() * l.I;
    for (size_t r = begin; r < end; r += x_rows()) {
      const size_t M = smaller(x_rows(), end - r);
      const float* x = l.x + (x0 + r) * l.I;
      for (size_t i = 0; i < M; i += ih.rows()) {
        const size_t m = smaller(ih.rows(), M - i);
        pack_transposed(packed + i * l.I, m, m, l.I, [&](size_t row) { return x + (i + row) * l.I; });
      }
      for (size_t b = 0; b < l.blocks(); b += ih.group())
        for (size_t i = 0; i < M; i += ih.rows())
          ih.multiply(to + (r + i) * l.ldz(), l.ldz(), b, smaller(ih.group(), l.blocks() - b), smaller(ih.rows(), M - i), packed + i * l.I,
                      biases, 0);
      if constexpr (Cell::ih.count < Cell::slots)  // the state's own slot starts at its bias
        for (size_t i = 0; i < M; i++)
          for (size_t at = Cell::ih.count * unit_block; at < l.ldz(); at += Cell::slots * unit_block)
            for (size_t e = 0; e < unit_block; e += VW) st(to + (r + i) * l.ldz() + at + e, ld(biases + at + e));
    }
  }

  /** One step on this thread's part, zt being z at its time. */
  void step(const Team& team, const Part& part, size_t s, float* zt) {
    const size_t t = l.time(s);
    const float* from = packed_h[(s + 1) % 2];
    const bool h_is_zero = s == 0 && !l.h0;
    for (size_t b = part.b0; b < part.b1; b += hh.group()) {
      const size_t count = smaller(hh.group(), part.b1 - b);
      for (size_t r = part.r0; r < part.r1; r += panel_rows()) {
        const size_t m = smaller(panel_rows(), part.r1 - r);
        float* rows = zt + r * l.ldz();
        if (!h_is_zero) hh.multiply(rows, l.ldz(), b, count, m, from + r * l.units(), rows, l.ldz());
        for (size_t at = b; at < b + count; at++)
          if constexpr (Cell::reset_first)
            reset(rows, at, r, m);
          else
            gates(rows, t, at, r, m, packed_h[s % 2]);
      }
    }
    if constexpr (Cell::reset_first) {
      cut.barrier(team);
      for (size_t b = part.b0; b < part.b1; b++)
        for (size_t r = part.r0; r < part.r1; r += panel_rows()) {
          const size_t m = smaller(panel_rows(), part.r1 - r);
          float* rows = zt + r * l.ldz();
          if (!h_is_zero) late.multiply(rows, l.ldz(), b, 1, m, packed_reset + r * l.units(), rows, l.ldz());
          gates(rows, t, b, r, m, packed_h[s % 2]);
        }
    }
  }

  /** Block b of rows [r, r + m): pre-activations to the new state, to y, and packed for the next step. */
  void gates(float* rows, size_t t, size_t b, size_t r, size_t m, float* packed) {
    const size_t u = b * unit_block;
    for (size_t i = 0; i < m; i++) {
      const size_t row = r + i;
      float* at = rows + i * l.ldz() + b * Cell::slots * unit_block;                                      // [slots][16] of this row
      float* state = h + row * l.units() + u;                                                             // [16]
      float* cell = c + row * l.units() + u;                                                              // [16], LSTM only
      float* out = y + (t * l.B + row) * l.ldy;                                                           // [H]
      float* keep = reserve ? reserve + (l.T * l.B * l.slots + t * l.B + row) * l.units() + u : nullptr;  // [16], where c is saved
      const bool active = l.active(t, row);
      for (size_t e = 0; e < unit_block; e += VW) {
        V now = V{}, c_now = Cell::has_c ? ld(cell + e) : V{};
        if (active) {
          now = Cell::forward(at + e, ld(state + e), c_now);
          st(state + e, now);
          if constexpr (Cell::has_c) st(cell + e, c_now);
        }
        st_row(out, u + e, l.H, now);
        if constexpr (Cell::has_c)
          if (keep) st(keep + e, c_now);
      }
    }
    pack_state(packed, b, r, m);
  }

  /** gruResetBefore: r ⊙ h of block b of rows [r, r + m), packed. */
  void reset(float* rows, size_t b, size_t r, size_t m) {
    alignas(64) float product[max_rows * unit_block];
    const size_t u = b * unit_block;
    if constexpr (Cell::reset_first)
      for (size_t i = 0; i < m; i++)
        for (size_t e = 0; e < unit_block; e += VW) {
          V state = ld(h + (r + i) * l.units() + u + e);
          if (l.mask) state *= ld_row(l.mask_row(r + i), u + e, l.H);
          st(product + i * unit_block + e, Cell::reset(rows + i * l.ldz() + b * Cell::slots * unit_block + e, state));
        }
    pack_transposed(packed_reset + r * l.units() + u * m, m, m, unit_block, [&](size_t i) { return product + i * unit_block; });
  }

  /** h of block b of rows [r, r + m) as the next product reads it: under the mask, [units][m]. */
  void pack_state(float* packed, size_t b, size_t r, size_t m) {
    const size_t u = b * unit_block;
    float* to = packed + r * l.units() + u * m;
    const float* from = h + r * l.units() + u;
    if (!l.mask) return pack_transposed(to, m, m, unit_block, [&](size_t i) { return from + i * l.units(); });
    alignas(64) float masked[max_rows * unit_block];
    for (size_t i = 0; i < m; i++)
      for (size_t e = 0; e < unit_block; e += VW)
        st(masked + i * unit_block + e, ld(from + i * l.units() + e) * ld_row(l.mask_row(r + i), u + e, l.H));
    pack_transposed(to, m, m, unit_block, [&](size_t i) { return masked + i * unit_block; });
  }
};

}  // namespace

size_t sequence_forward_workspace(int cell, float*, float*, float*, float* reserve, const float* x, const float* weight_ih,
                                  const float* weight_hh, const float* bias_ih, const float* bias_hh, const float* h0, const float* c0,
                                  const int32_t* lengths, const float* mask, size_t T, size_t B, size_t I, size_t H, size_t ldy,
                                  bool reverse, void*) {
  size_t bytes = 0;
  with_cell(cell, [&](auto kind) {
    using Cell = decltype(kind);
    const Layer l = {
        T, B, I, H, ldy, reverse, x, weight_ih, weight_hh, bias_ih, bias_hh, h0, c0, mask, lengths, Cell::slots, longest(lengths, T, B)};
    Forward<Cell>(l, reserve, nullptr, bytes);
  });
  return bytes;
}

void sequence_forward(int cell, float* y, float* hn, float* cn, float* reserve, const float* x, const float* weight_ih,
                      const float* weight_hh, const float* bias_ih, const float* bias_hh, const float* h0, const float* c0,
                      const int32_t* lengths, const float* mask, size_t T, size_t B, size_t I, size_t H, size_t ldy, bool reverse,
                      void* scratch) {
  with_cell(cell, [&](auto kind) {
    using Cell = decltype(kind);
    const Layer l = {
        T, B, I, H, ldy, reverse, x, weight_ih, weight_hh, bias_ih, bias_hh, h0, c0, mask, lengths, Cell::slots, longest(lengths, T, B)};
    size_t bytes;
    Forward<Cell> forward(l, reserve, scratch, bytes);
    forward.y = y, forward.hn = hn, forward.cn = cn;
    team(forward.cut.size, [&](const Team& t) { forward.run(t); });
  });
}

}  // namespace KERNELS
