// Table of contents: every function of src/backend/backend.ts that is a kernel, in the same order, with the same names (in snake case).
// What each computes is said there, once. Outputs first, sizes last; matrices are row-major and contiguous unless a stride is an argument.
//
// A kernel takes plain pointers and sizes; a null pointer is "not there". It allocates nothing: those that need scratch memory take it
// as their last argument, 64-byte aligned and with unspecified contents, and name its size in bytes in `<kernel>_workspace`, which takes
// the same arguments. Indices that point outside are read as NaN and written nowhere, as a typed array does it.
//
// An argument block is one double per parameter, see call.cpp. The position in KERNEL_LIST is the operation's number.

#pragma once
#include "simd.h"

// K: a kernel. W: a kernel with a workspace. Append only: the numbers are shared with TypeScript (src/backend/kernel/operations.ts).
// clang-format off
#define KERNEL_LIST(K, W)                                                                                                    \
  K(fill) K(cast) K(unary) K(unary_backward) K(binary) K(where) K(strided_copy) K(dropout_mask)                              \
  K(reduce) K(arg_reduce) K(gather) K(gather_backward) K(softmax) K(softmax_backward) K(log_softmax) K(log_softmax_backward) \
  K(cross_entropy) K(cross_entropy_backward) K(embedding) K(embedding_backward)                                              \
  W(gemm) W(sequence_forward) W(sequence_backward) K(attention) W(attention_backward)                                        \
  W(sum_squares) K(clip_values) K(scale_all) K(sgd) K(adagrad) K(rmsprop) K(adam)                                            \
  K(packed_bytes) K(pack_weights) K(gemv) K(cell_step)                                                                       \
  K(cell_forward) K(cell_backward)                                                                                           \
  W(convolution) W(convolution_backward) K(max_pool) K(max_pool_backward) K(average_pool) K(average_pool_backward)           \
  K(batch_norm) K(batch_norm_backward) K(layer_norm) K(layer_norm_backward)                                                  \
  K(scan_forward) K(scan_backward) K(slstm_forward) K(slstm_backward)                                              \
  K(pack_matrix) W(gemm_packed)
// clang-format on

namespace KERNELS {

// Numbers of the names in backend.ts; the order is the same.
enum UnaryOp { NEG, ABS, SIGN, SQUARE, SQRT, RECIPROCAL, EXP, LOG, TANH, SIGMOID, RELU, SOFTPLUS };
enum BinaryOp { ADD, SUB, MUL, DIV, MAX, MIN, POW, EQ, NE, LT, LE, GT, GE };
enum ReduceOp { REDUCE_SUM, REDUCE_MAX, REDUCE_MIN };
enum ArgReduceOp { ARGMAX, ARGMIN };
enum WeightFormat { FORMAT_FLOAT32, FORMAT_BFLOAT16, FORMAT_INT8 };
enum FusedCell { RNN_TANH, RNN_RELU, LSTM, GRU, GRU_RESET_BEFORE };

constexpr size_t max_rank = 6;

/** Tensors of a model: one parameter here, a pointer to an array of byte offsets in the argument block. An empty list is null. */
struct List {
  char* heap;
  const double* offsets;
  float* operator[](size_t i) const { return (float*)((uintptr_t)heap + (size_t)(int64_t)offsets[i]); }
  explicit operator bool() const { return offsets != nullptr; }
};

// Element by element
void fill(void* out, double value, bool integer, size_t n);
void cast(void* out, const void* x, bool to_integer, size_t n);
void unary(int op, float* out, const float* x, size_t n);
void unary_backward(int op, float* dx, const float* dy, const float* x, const float* y, size_t n);
void binary(int op, void* out, const void* a, const void* b, const double* shape, const double* a_strides, const double* b_strides,
            size_t rank, bool integer, bool integer_out);
void where(void* out, const void* condition, const void* a, const void* b, bool integer_condition, size_t n);
void strided_copy(void* out, size_t out_offset, const double* out_strides, const void* x, size_t x_offset, const double* x_strides,
                  const double* shape, size_t rank, bool accumulate, bool integer);
void dropout_mask(float* out, double p, double key, double counter, size_t n);

// Along an axis: x [outer, n, inner]
void reduce(int op, float* out, const float* x, size_t outer, size_t n, size_t inner);
void arg_reduce(int op, int32_t* out, const float* x, size_t outer, size_t n, size_t inner);
void gather(float* out, const float* x, const int32_t* index, size_t outer, size_t n, size_t m, size_t inner);
void gather_backward(float* dx, const float* dy, const int32_t* index, size_t outer, size_t n, size_t m, size_t inner);
void softmax(float* out, const float* x, size_t rows, size_t cols);
void softmax_backward(float* dx, const float* dy, const float* y, size_t rows, size_t cols);
void log_softmax(float* out, const float* x, size_t rows, size_t cols);
void log_softmax_backward(float* dx, const float* dy, const float* y, size_t rows, size_t cols);
void cross_entropy(float* loss, float* log_sum_exp, const float* logits, const int32_t* target, size_t rows, size_t cols,
                   int32_t ignore_index);
void cross_entropy_backward(float* dlogits, const float* dloss, const float* logits, const float* log_sum_exp, const int32_t* target,
                            size_t rows, size_t cols, int32_t ignore_index);
void embedding(float* out, const float* weight, const int32_t* index, size_t rows, size_t count, size_t dim);
void embedding_backward(float* dweight, const float* dy, const int32_t* index, size_t rows, size_t count, size_t dim, int32_t padding_idx);

// Products
void gemm(float* c, const float* a, const float* b, const float* bias, size_t batch, size_t M, size_t N, size_t K, bool trans_a,
          bool trans_b, size_t a_stride, size_t b_stride, size_t c_stride, bool accumulate, void* scratch);

// Whole sequences
void sequence_forward(int cell, float* y, float* hn, float* cn, float* reserve, const float* x, const float* weight_ih,
                      const float* weight_hh, const float* bias_ih, const float* bias_hh, const float* h0, const float* c0,
                      const int32_t* lengths, const float* mask, size_t T, size_t B, size_t I, size_t H, size_t ldy, bool reverse,
                      void* scratch);
void sequence_backward(int cell, float* dx, float* dweight_ih, float* dweight_hh, float* dbias_ih, float* dbias_hh, float* dh0, float* dc0,
                       const float* dy, const float* dhn, const float* dcn, const float* y, const float* hn, const float* cn,
                       float* reserve, const float* x, const float* weight_ih, const float* weight_hh, const float* bias_ih,
                       const float* bias_hh, const float* h0, const float* c0, const int32_t* lengths, const float* mask, size_t T,
                       size_t B, size_t I, size_t H, size_t ldy, bool reverse, void* scratch);

// Attention
void attention(float* context, float* weights, const float* query, const float* keys, const float* values, const float* v,
               const int32_t* lengths, float scale, size_t B, size_t S, size_t A, size_t C);
void attention_backward(float* dquery, float* dkeys, float* dvalues, float* dv, const float* dcontext, const float* dweights,
                        const float* weights, const float* query, const float* keys, const float* values, const float* v,
                        const int32_t* lengths, float scale, size_t B, size_t S, size_t A, size_t C, void* scratch);

// Images
void convolution(float* y, const float* x, const float* weight, const float* bias, size_t B, size_t C, size_t h, size_t w, size_t oh,
                 size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw, size_t O, size_t groups,
                 void* scratch);
void convolution_backward(float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* weight, size_t B, size_t C,
                          size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw,
                          size_t dh, size_t dw, size_t O, size_t groups, void* scratch);
void max_pool(float* y, int32_t* index, const float* x, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw,
              size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw);
void max_pool_backward(float* dx, const float* dy, const int32_t* index, size_t planes, size_t pixels, size_t places);
void average_pool(float* y, const float* x, bool count_padding, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow, size_t kh,
                  size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw);
void average_pool_backward(float* dx, const float* dy, bool count_padding, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow,
                           size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw);

// Normalization
void batch_norm(float* y, float* mean, float* variance, const float* x, const float* weight, const float* bias, float eps, bool relu,
                bool train, size_t B, size_t C, size_t n);
void batch_norm_backward(float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* y, const float* mean,
                         const float* variance, const float* weight, float eps, bool relu, bool train, size_t B, size_t C, size_t n);
void layer_norm(float* y, float* mean, float* variance, const float* x, const float* weight, const float* bias, float eps, size_t rows,
                size_t cols);
void layer_norm_backward(float* dx, float* dweight, float* dbias, const float* dy, const float* x, const float* mean, const float* variance,
                         const float* weight, float eps, size_t rows, size_t cols);

// Updates: `lengths` are the elements of each of the `count` tensors
double sum_squares(List gradients, const double* lengths, size_t count, void* scratch);
void clip_values(List gradients, float limit, const double* lengths, size_t count);
void scale_all(List values, float factor, const double* lengths, size_t count);
void sgd(List parameters, List gradients, List buffers, double lr, double momentum, bool nesterov, bool first, double weight_decay,
         double grad_scale, const double* lengths, size_t count);
void adagrad(List parameters, List gradients, List sums, double lr, double eps, double weight_decay, double grad_scale,
             const double* lengths, size_t count);
void rmsprop(List parameters, List gradients, List squares, List buffers, double lr, double alpha, double eps, double momentum,
             double weight_decay, double grad_scale, const double* lengths, size_t count);
void adam(List parameters, List gradients, List m, List v, double lr, double beta1, double beta2, double eps, double step,
          double weight_decay, bool decoupled, double grad_scale, const double* lengths, size_t count);

// One step at batch 1
double packed_bytes(int format, size_t n, size_t k);
void pack_weights(void* packed, int format, const float* weight, size_t n, size_t k);
void gemv(float* y, const void* packed, int format, const float* x, const float* bias, size_t n, size_t k, bool accumulate);
void cell_step(int cell, float* h, float* c, const float* gates_x, const float* gates_h, size_t H);

// One step of a batch
void cell_forward(int cell, float* h, float* c, float* reserve, const float* gates_x, const float* gates_h, const float* h_before,
                  const float* c_before, size_t B, size_t H);
void cell_backward(int cell, float* dgates_x, float* dgates_h, float* dh_before, float* dc_before, const float* dh, const float* dc,
                   const float* reserve, const float* h, const float* c, const float* h_before, const float* c_before, size_t B, size_t H);

// Linear recurrences
void scan_forward(float* h, float* hn, const float* a, const float* b, const float* h0, const int32_t* lengths, size_t T, size_t B,
                  size_t H, bool complex, bool constant, bool reverse);
void scan_backward(float* da, float* db, float* dh0, const float* dh, const float* dhn, const float* a, const float* h, const float* h0,
                   const int32_t* lengths, size_t T, size_t B, size_t H, bool complex, bool constant, bool reverse);

// One step of an sLSTM
void slstm_forward(float* y, float* h, float* c, float* m, float* reserve, const float* gates_x, const float* gates_h,
                   const float* h_before, const float* c_before, const float* m_before, const int32_t* lengths, size_t t, size_t B,
                   size_t H);
void slstm_backward(float* dgates, float* dh, float* dc, float* dm, const float* dy, const float* reserve, const float* c,
                    const float* c_before, const int32_t* lengths, size_t t, size_t B, size_t H);

// A product with a matrix that is packed once and used often
void pack_matrix(float* packed, const float* b, size_t N, size_t K, bool trans_b);
void gemm_packed(float* c, const float* a, const float* packed, const float* bias, size_t M, size_t N, size_t K, bool accumulate,
                 void* scratch);

// Workspaces in bytes, of the same arguments
size_t gemm_workspace(float*, const float*, const float*, const float*, size_t batch, size_t M, size_t N, size_t K, bool trans_a,
                      bool trans_b, size_t a_stride, size_t b_stride, size_t c_stride, bool accumulate, void*);
size_t sequence_forward_workspace(int cell, float* y, float* hn, float* cn, float* reserve, const float* x, const float* weight_ih,
                                  const float* weight_hh, const float* bias_ih, const float* bias_hh, const float* h0, const float* c0,
                                  const int32_t* lengths, const float* mask, size_t T, size_t B, size_t I, size_t H, size_t ldy,
                                  bool reverse, void*);
size_t sequence_backward_workspace(int cell, float* dx, float* dweight_ih, float* dweight_hh, float* dbias_ih, float* dbias_hh, float* dh0,
                                   float* dc0, const float* dy, const float* dhn, const float* dcn, const float* y, const float* hn,
                                   const float* cn, float* reserve, const float* x, const float* weight_ih, const float* weight_hh,
                                   const float* bias_ih, const float* bias_hh, const float* h0, const float* c0, const int32_t* lengths,
                                   const float* mask, size_t T, size_t B, size_t I, size_t H, size_t ldy, bool reverse, void*);
size_t attention_backward_workspace(float*, float*, float*, float*, const float*, const float*, const float*, const float*, const float*,
                                    const float*, const float*, const int32_t*, float, size_t B, size_t S, size_t A, size_t C, void*);
size_t convolution_workspace(float*, const float*, const float*, const float*, size_t B, size_t C, size_t h, size_t w, size_t oh, size_t ow,
                             size_t kh, size_t kw, size_t sh, size_t sw, size_t ph, size_t pw, size_t dh, size_t dw, size_t O,
                             size_t groups, void*);
size_t convolution_backward_workspace(float* dx, float* dweight, float* dbias, const float*, const float*, const float*, size_t B, size_t C,
                                      size_t h, size_t w, size_t oh, size_t ow, size_t kh, size_t kw, size_t sh, size_t sw, size_t ph,
                                      size_t pw, size_t dh, size_t dw, size_t O, size_t groups, void*);
size_t sum_squares_workspace(List, const double* lengths, size_t count, void*);
size_t gemm_packed_workspace(float*, const float*, const float*, const float*, size_t M, size_t N, size_t K, bool accumulate, void*);

}  // namespace KERNELS
