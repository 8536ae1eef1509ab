// The operations' numbers: a name's position here is its position in KERNEL_LIST of kernels/kernels.h. A test compares the two.

export const operationNames = [
  'fill',
  'cast',
  'unary',
  'unary_backward',
  'binary',
  'where',
  'strided_copy',
  'dropout_mask',
  'reduce',
  'arg_reduce',
  'gather',
  'gather_backward',
  'softmax',
  'softmax_backward',
  'log_softmax',
  'log_softmax_backward',
  'cross_entropy',
  'cross_entropy_backward',
  'embedding',
  'embedding_backward',
  'gemm',
  'sequence_forward',
  'sequence_backward',
  'attention',
  'attention_backward',
  'sum_squares',
  'clip_values',
  'scale_all',
  'sgd',
  'adagrad',
  'rmsprop',
  'adam',
  'packed_bytes',
  'pack_weights',
  'gemv',
  'cell_step',
  'cell_forward',
  'cell_backward',
] as const;

export type OperationName = (typeof operationNames)[number];

/** op.softmax is the number of softmax. */
export const op = Object.fromEntries(operationNames.map((name, i) => [name, i])) as Record<OperationName, number>;
