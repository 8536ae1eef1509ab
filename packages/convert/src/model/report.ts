// What a conversion has to tell besides the model: what it decided where a file leaves a choice, what it passed over, and what it cannot do.

import { ConvertError, type ConvertFault } from '../errors.ts';

/** A choice that the file does not make, or that differs between systems: it changes numbers if it is wrong. */
export interface Decision {
  /** What was decided, by a name that stays the same: `gru-form`, `gate-order`, `biases`, `padding`, `element-type`, `ignored-option`, … */
  readonly what: string;
  /** The layer or node; null where it concerns all of the model. */
  readonly where: string | null;
  /** What was chosen, in a few words: `reset after the product`. */
  readonly choice: string;
  /** Why: what in the file says so. */
  readonly why: string;
}

/** Something in the file that is no part of the model: an optimizer's state, an object of a foreign class. */
export interface Skipped {
  readonly what: string;
  readonly where: string | null;
  readonly why: string;
}

/** Something that does not convert. A model with one is described and not read. */
export type Problem = ConvertFault;

/** A suspicion that the reader of the file should know of, though the file was read as it says. */
export interface Warning {
  readonly what: string;
  readonly where: string | null;
  /** What to do where the suspicion is right. */
  readonly advice: string;
}

/** What a reader tells while it reads. One of a kind per file and place; of very many, the first are kept and the rest are counted. */
export class ConversionReport {
  readonly source: string;
  readonly decisions: Decision[] = [];
  readonly skipped: Skipped[] = [];
  readonly warnings: Warning[] = [];
  readonly problems: Problem[] = [];
  readonly #kept = new Set<string>();

  constructor(source: string) {
    this.source = source;
  }

  decide(what: string, where: string | null, choice: string, why: string): void {
    this.#keep(this.decisions, { what, where, choice, why });
  }

  skip(what: string, where: string | null, why: string): void {
    this.#keep(this.skipped, { what, where, why });
  }

  warn(what: string, where: string | null, advice: string): void {
    this.#keep(this.warnings, { what, where, advice });
  }

  /** Notes that a part does not convert; reading goes on, so that all such parts are told at once. */
  problem(problem: Problem): void {
    this.#keep(this.problems, problem);
  }

  #keep<T extends object>(list: T[], one: T): void {
    const key = JSON.stringify(one); // the kinds have other fields, so that one set is enough
    if (list.length >= mostKept || this.#kept.has(key)) return;
    this.#kept.add(key);
    list.push(one);
  }

  /** Throws a ConvertError with the first problem and the number of the others. */
  requireWhole(): void {
    const [first] = this.problems;
    if (!first) return;
    const others = this.problems.length - 1;
    const more = `and ${others} more ${others === 1 ? 'part does' : 'parts do'} not convert (unrolled describe lists them)`;
    throw new ConvertError(this.source, {
      ...first,
      advice: [first.advice, others > 0 ? more : ''].filter(Boolean).join('; ') || undefined,
    });
  }
}

const mostKept = 10_000;
