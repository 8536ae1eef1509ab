// The four products a recurrent step is made of, for one row of the batch. A matrix is rows·n numbers, row after row;
// `block` picks one of its gate blocks, as a window, so that the cells can speak of W_hn or b_hr.

export type Vector = Float64Array;
export type Numbers = Float64Array | Float32Array | Int32Array;

/** The block of gate k: rows [k·H, (k + 1)·H) of a matrix with `cols` columns. */
export function block<A extends Numbers>(matrix: A, k: number, H: number, cols = 1): A {
  return matrix.subarray(k * H * cols, (k + 1) * H * cols) as A;
}

/** out = W x + b. Without b, W x. */
export function affine(out: Vector, W: Numbers, x: Numbers, b: Numbers | null): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let j = 0; j < x.length; j++) sum += W[i * x.length + j] * x[j];
    out[i] = b ? sum + b[i] : sum;
  }
}

/** dx += Wᵀ dout */
export function addTransposed(dx: Vector, W: Numbers, dout: Vector): void {
  for (let i = 0; i < dout.length; i++) {
    for (let j = 0; j < dx.length; j++) dx[j] += W[i * dx.length + j] * dout[i];
  }
}

/** dW += dout ⊗ x */
export function addOuter(dW: Vector, dout: Vector, x: Numbers): void {
  for (let i = 0; i < dout.length; i++) {
    for (let j = 0; j < x.length; j++) dW[i * x.length + j] += dout[i] * x[j];
  }
}

/** total += x */
export function add(total: Vector, x: Numbers): void {
  for (let i = 0; i < total.length; i++) total[i] += x[i];
}
