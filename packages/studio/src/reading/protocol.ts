// What is asked about a run that has read a text, and the answers: plain data.

/** One unit of one state or gate. */
export interface UnitKey {
  readonly layer: string;
  /** A state (h, c) or the letter of a gate. */
  readonly what: string;
  readonly unit: number;
}

export interface TrackInfo {
  readonly layer: string;
  readonly what: string;
  readonly kind: 'state' | 'gate' | 'candidate';
  readonly size: number;
}

export interface Opened {
  readonly symbols: readonly string[];
  /** Nats of each symbol given those before it; NaN for the first. */
  readonly losses: Float32Array;
  readonly loss: number;
  /** Part of the symbols that were the most probable ones. */
  readonly accuracy: number;
  readonly tracks: readonly TrackInfo[];
}

export interface NextSymbol {
  readonly symbol: string;
  readonly probability: number;
  /** Whether it is the one in the text. */
  readonly came: boolean;
}

export interface UnitAt {
  readonly what: string;
  readonly kind: TrackInfo['kind'];
  readonly values: readonly number[];
}

export interface Step {
  readonly from: number;
  readonly tracks: readonly UnitAt[];
}

export interface Found extends UnitKey {
  /** The property of the text. */
  readonly name: string;
  readonly correlation: number;
  /** 95th percentile of the best correlations with the property turned round the text. */
  readonly control: number;
  readonly p: number;
}

export interface Brushed {
  readonly units: readonly (UnitKey & { readonly correlation: number })[];
  readonly control: number;
  readonly p: number;
  readonly elsewhere: readonly { readonly from: number; readonly to: number }[];
}

interface Losses {
  readonly count: number;
  readonly whole: number;
  readonly held: number;
}

export interface Ablated {
  readonly all: Losses;
  readonly focus: (Losses & { readonly name: string }) | null;
  readonly elsewhere: Losses | null;
}

export interface HeldText {
  readonly free: string;
  readonly held: string;
}
