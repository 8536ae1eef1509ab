// What there is of a run to look into: the trained network, its task with data to ask it about, and where it reads text, what its units did over it.

import type { LanguageModel, Module, Task } from 'unrolled';
import type { NetworkCheck, Trace } from 'unrolled/analysis';
import type { Screen } from '../terminal/index.ts';

export interface InspectSource {
  readonly path: string;
  readonly step: number;
  /** What it is, for the head of the report: `gru, 1 × 128 units, 87,041 parameters`. */
  readonly about: readonly (readonly [what: string, text: string])[];
  readonly model: Module;
  /** The trained network on its data. */
  readonly task: Task;
  /** The network at its first step, seeded as the run was: for the checks. */
  fresh(): Task;
  /** Units over some text; null where the run reads none. */
  readonly reading: Reading | null;
  /** The norm at which gradients were clipped; null for none. */
  readonly clip: number | null;
  /** The limit of every element of the gradients (`--clip-value`); null for none. */
  readonly clipValue: number | null;
  /** Lines of metrics.jsonl. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
}

export interface Reading {
  /** What was read, for a person. */
  readonly source: string;
  /** Characters or tokens. */
  readonly symbols: readonly string[];
  /** Written between symbols where they are shown: '' or ' '. */
  readonly between: string;
  readonly trace: Trace;
  /** Of a language model. */
  readonly language: LanguageReading | null;
}

export interface InspectValues {
  readonly text: string | null;
  readonly length: number;
}

export interface LanguageReading {
  readonly model: LanguageModel;
  /** Numbers of the symbols that were read. */
  readonly ids: Int32Array;
  /** Of other symbols of the same kind, to count in: what it was trained on. */
  readonly others: Int32Array;
  /** Steps that the gradient went back through in training. */
  readonly window: number;
}

/** One part of a report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The most important thing, for the summary. Null: nothing worth a line. */
  readonly headline: string | null;
  readonly sentences: readonly string[];
  /** Plain data. */
  readonly data: unknown;
  /** The data as plots and tables for a screen, between the title and the sentences. */
  lines(screen: Screen): readonly string[];
  /** The data as figures of a page. */
  figures(): readonly Figure[];
}

export interface Figure {
  /** SVG or HTML. */
  readonly html: string;
  readonly caption: string;
  /** Takes the whole width. Default false. */
  readonly wide?: boolean;
}

/** What sections are made from. */
export interface InspectContext {
  readonly source: InspectSource;
  /** `name=pattern`: labels of the user's own. */
  readonly label: string | null;
  readonly checks?: readonly NetworkCheck[];
  readonly say: (text: string) => void;
}

/** Null where the run has nothing to say about it. */
export type MakeSection = (context: InspectContext) => Section | null;
