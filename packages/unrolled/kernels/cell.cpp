// The point-wise half of one step of a cell for a batch: both products are done, their sums lie in two matrices [B, G·H] as the weights do.
// For decoders whose next input depends on the last output, so that a sequence kernel cannot run ahead. Rows are independent.
//
// Reserve: each row's activations in the layout of layer.h, blocks · slots · 16 floats a row (RNN: none).

#include "kernels.h"
#include "recurrent/cells.h"

namespace KERNELS {

namespace {

/** The pre-activations of 16 units into slots: the input's half where it goes, the state's half added or set. */
template <class Cell>
INLINE void load_slots(float* z, const float* x, const float* u, size_t unit, size_t H) {
  for (size_t e = 0; e < unit_block; e += VW) {
    for (size_t k = 0; k < Cell::slots; k++) st(z + k * unit_block + e, V{});
    for (size_t k = 0; k < Cell::ih.count; k++)
      st(z + (Cell::ih.first + k) * unit_block + e, ld_row(x + Cell::ih.gates[k] * H, unit + e, H));
    for (size_t k = 0; k < Cell::hh.count; k++) {
      float* at = z + (Cell::hh.first + k) * unit_block + e;
      st(at, ld(at) + ld_row(u + Cell::hh.gates[k] * H, unit + e, H));
    }
  }
}

/** The gradients in the slots to the two halves. */
template <class Cell>
INLINE void store_slots(float* dx, float* du, const float* z, size_t unit, size_t H) {
  for (size_t e = 0; e < unit_block; e += VW) {
    for (size_t k = 0; k < Cell::ih.count; k++)
      st_row(dx + Cell::ih.gates[k] * H, unit + e, H, ld(z + (Cell::ih.first + k) * unit_block + e));
    for (size_t k = 0; k < Cell::hh.count; k++)
      st_row(du + Cell::hh.gates[k] * H, unit + e, H, ld(z + (Cell::hh.first + k) * unit_block + e));
  }
}

size_t units_of(size_t H) { return (H + unit_block - 1) / unit_block * unit_block; }

}  // namespace

void cell_forward(int cell, float* h, float* c, float* reserve, const float* gates_x, const float* gates_h, const float* h_before,
                  const float* c_before, size_t B, size_t H) {
  with_cell(cell, [&](auto kind) {
    using Cell = decltype(kind);
    if constexpr (!Cell::reset_first) {
      constexpr size_t width = Cell::slots * unit_block;
      parallel(B, heavy_grain / (Cell::gates * H + 1) + 1, [=](size_t begin, size_t end) {
        for (size_t b = begin; b < end; b++)
          for (size_t u = 0; u < H; u += unit_block) {
            alignas(64) float z[width];
            load_slots<Cell>(z, gates_x + b * Cell::gates * H, gates_h + b * Cell::gates * H, u, H);
            for (size_t e = 0; e < unit_block && u + e < H; e += VW) {
              V now_c = Cell::has_c ? ld_row(c_before + b * H, u + e, H) : V{};
              st_row(h + b * H, u + e, H, Cell::forward(z + e, ld_row(h_before + b * H, u + e, H), now_c));
              if constexpr (Cell::has_c) st_row(c + b * H, u + e, H, now_c);
            }
            if (reserve && Cell::slots > 1) __builtin_memcpy(reserve + (b * units_of(H) + u) * Cell::slots, z, sizeof z);
          }
      });
    }
  });
}

void cell_backward(int cell, float* dgates_x, float* dgates_h, float* dh_before, float* dc_before, const float* dh, const float* dc,
                   const float* reserve, const float* h, const float* c, const float* h_before, const float* c_before, size_t B, size_t H) {
  with_cell(cell, [&](auto kind) {
    using Cell = decltype(kind);
    if constexpr (!Cell::reset_first) {
      constexpr size_t width = Cell::slots * unit_block;
      parallel(B, heavy_grain / (Cell::gates * H + 1) + 1, [=](size_t begin, size_t end) {
        for (size_t b = begin; b < end; b++)
          for (size_t u = 0; u < H; u += unit_block) {
            alignas(64) float z[width];
            if (Cell::slots > 1) __builtin_memcpy(z, reserve + (b * units_of(H) + u) * Cell::slots, sizeof z);
            for (size_t e = 0; e < unit_block; e += VW) {
              Before s = {};
              if constexpr (Cell::wants_y) s.y = ld_row(h + b * H, u + e, H);
              if constexpr (Cell::wants_h) s.h = ld_row(h_before + b * H, u + e, H);
              V now_dc = V{};
              if constexpr (Cell::has_c) {
                s.c = ld_row(c_before + b * H, u + e, H);
                s.c_new = ld_row(c + b * H, u + e, H);
                now_dc = ld_row(dc ? dc + b * H : nullptr, u + e, H);
              }
              st_row(dh_before + b * H, u + e, H, Cell::backward(z + e, ld_row(dh + b * H, u + e, H), now_dc, s));
              if constexpr (Cell::has_c) st_row(dc_before + b * H, u + e, H, now_dc);
            }
            store_slots<Cell>(dgates_x + b * Cell::gates * H, dgates_h + b * Cell::gates * H, z, u, H);
          }
      });
    }
  });
}

}  // namespace KERNELS
