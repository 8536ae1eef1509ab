// What a cell is to the walk through time: one step forward, one step back, on one row of the batch.
// The walk knows lengths, direction, strides and W_ih; the cell knows its gates and W_hh.

import type { Numbers, Vector } from './vector.ts';

/** The recurrent half of the parameters. */
export interface Recurrent {
  readonly H: number;
  readonly weightHh: Numbers; // [G·H, H]
  readonly biasHh: Numbers | null; // [G·H]
}

/** One step forward. */
export interface Step {
  readonly gatesX: Vector; // [G·H] in: W_ih x + b_ih
  readonly hIn: Numbers; // [H] in: the state as weightHh sees it, with the recurrent dropout mask on it
  readonly h: Numbers; // [H] in: the state before; out: after
  readonly c: Numbers; // [H] the same, LSTM only
  readonly reserve: Numbers; // [kept·H] out: what backward will want
}

/** One step back. `dh` and `dc` change from the gradient of the state after the step to that of the state before it. */
export interface StepBack {
  readonly reserve: Numbers; // [kept·H] what forward left
  readonly h: Numbers; // [H] the state after the step
  readonly hPrev: Numbers; // [H] the state before
  readonly cPrev: Numbers; // [H] LSTM only
  readonly hIn: Numbers; // [H] hPrev with the mask on it
  readonly dh: Vector; // [H] in: dh; out: dhPrev, but for the path through hIn
  readonly dc: Vector; // [H] in: dc; out: dcPrev; LSTM only
  readonly dhIn: Vector; // [H] out, added to zeros: the path through hIn
  readonly dGatesX: Vector; // [G·H] out: the gradient of W_ih x + b_ih
  readonly dGatesH: Vector; // [G·H] out: the gradient of W_hh hIn + b_hh
  readonly dWeightHh: Vector; // [G·H, H] added to
}

export interface SequenceCell {
  /** G: blocks of H rows in the weights. */
  readonly gates: number;
  /** Numbers per unit and step that forward leaves for backward. */
  readonly reserve: number;
  forward(step: Step, p: Recurrent): void;
  backward(step: StepBack, p: Recurrent): void;
}
