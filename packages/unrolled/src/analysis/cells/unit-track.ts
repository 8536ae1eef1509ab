// The activations of units over the steps of what was read.

/** One state or gate of one layer, over all steps. */
export interface UnitTrack {
  /** Layer name: l0, l1_reverse …; prefixed with the module's path where a model has several recurrent layers. */
  readonly layer: string;
  /** Name of a state (h or c) or letter of a gate. */
  readonly what: string;
  /** A candidate (g of an LSTM, n of a GRU) is what a gate lets in: it can be negative, a gate cannot. */
  readonly kind: 'state' | 'gate' | 'candidate';
  /** For the gate that controls how much of the old state is kept: whether the gate or 1 − gate is the kept fraction. Null for all others. */
  readonly keeps: 'gate' | 'rest' | null;
  /** Hidden size H. */
  readonly size: number;
  /** Values [N, H]: row n is after the step that read symbol n. */
  readonly values: Float32Array;
}

/** The activations of every unit and gate over some symbols. */
export interface Trace {
  /** Number of steps N. */
  readonly steps: number;
  readonly tracks: readonly UnitTrack[];
}

/** A trace, as what reads one requires it. */
export const traceKind = {
  steps: 'number',
  tracks: [{ layer: 'text', what: 'text', kind: 'text', size: 'number', values: 'numbers' }],
} as const;
