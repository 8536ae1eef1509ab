// The errors of conversions: which file, which node or layer of it, what was expected there, what is there, and what to do.

import { FormatError } from 'unrolled';

/** Where a conversion failed, and on what. */
export interface ConvertFault {
  /** The node, layer, tensor or byte position; null where it is the file as a whole. */
  readonly where?: string | null;
  readonly expected: string;
  readonly got: string;
  /** What the reader of the message can do. */
  readonly advice?: string;
}

/** A model that cannot be converted: `model.h5: layer lstm_1: expected …, got …; …`. */
export class ConvertError extends FormatError {
  override name = 'ConvertError';
  readonly fault: ConvertFault;

  constructor(source: string, fault: ConvertFault, options?: { readonly cause?: unknown }) {
    super(source, faultText(fault), options);
    this.fault = fault;
  }
}

/** `layer lstm_1: expected units, got nothing; save the model with its configuration` */
export function faultText({ where, expected, got, advice }: ConvertFault): string {
  return `${where ? `${where}: ` : ''}expected ${expected}, got ${got}${advice ? `; ${advice}` : ''}`;
}

/** A name of a file's own for a message: in quotes, with nothing unprintable, and not long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
