// The second half of the backward pass: with the gradients of all pre-activations known, the rest are products over all steps.

#pragma once
#include "layer.h"

namespace KERNELS {

/** Gradients of the pre-activations of all steps, dz [steps·B, ldz], and what the weights met in the same rows. */
struct Gradients {
  const Layer& l;
  const float* dz;
  const float* y;
  const float* reset_h;  // gruResetBefore: r ⊙ h [steps·B, units], else null

  /** dx [steps·B, I] = dz · W_ih, rows [r0, r1); packed from pack_input_weights, scratch of input_scratch floats. */
  void input(float* dx, const Band& ih, const float* packed, size_t r0, size_t r1, float* scratch) const;

  /** dW_ih [G·H, I] = dzᵀ · x: runs of 16 gates [q0, q1) of the band. */
  void weight_ih(float* dweight, const Band& band, size_t q0, size_t q1, float* scratch) const;
  /** dW_hh [G·H, H] = dzᵀ · h, h the masked state before each step. */
  void weight_hh(float* dweight, const Band& band, size_t q0, size_t q1, float* scratch) const;
  /** The rows of a gate that meets r ⊙ h. */
  void weight_reset(float* dweight, const Band& band, size_t q0, size_t q1, float* scratch) const;
  /** dbias [G·H] = the sum of dz over its rows. */
  void bias(float* dbias, const Band& band, size_t q0, size_t q1) const;

  /** Runs of 16 in a band. */
  size_t runs(const Band& band) const { return band.count * l.blocks(); }

 private:
  template <class Row>
  void weight(float* dweight, size_t N, const Band& band, size_t q0, size_t q1, float* scratch, Row row) const;
};

/** W_ih as the right-hand side of dx = dz · W_ih: panels [blocks·columns][wide_columns]. */
size_t input_weight_floats(const Layer& l, const Band& band);
void pack_input_weights(float* packed, const Layer& l, const Band& band, size_t j0, size_t j1);

/** Scratch for one thread, floats, that serves all of these. */
size_t gradient_scratch(const Layer& l);

}  // namespace KERNELS
