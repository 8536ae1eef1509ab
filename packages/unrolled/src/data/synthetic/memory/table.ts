// The tests of long memory by name, with what is published about them.

import { addingProblem } from './adding.ts';
import { copyProblem } from './copy.ts';
import { parityProblem } from './parity.ts';
import type { MemoryProblem } from './problem.ts';
import { embeddedReberProblem } from './reber.ts';
import { temporalOrderProblem } from './temporal-order.ts';

/** A memory problem: what it is about, published results, and when it counts as solved. */
export interface MemoryEntry {
  readonly about: string;
  /** Published results, with their sources. */
  readonly published: string;
  /** The main metric, and the value from which on the problem counts as solved. */
  readonly solved: { readonly metric: string; readonly atLeast?: number; readonly atMost?: number };
  readonly make: (options?: { readonly length?: number }) => MemoryProblem;
}

const entries = {
  adding: {
    about: 'the sum of two marked numbers among T',
    published:
      'memoryless 0.1667; T=100 solved after 74,000 sequences (LSTM, 1997); T=600: GRU 5.3e-5, LSTM 0.164, tanh RNN 0.177 (Bai 2018)',
    solved: { metric: 'mse', atMost: 0.005 },
    make: (options) => addingProblem(options),
  },
  'temporal-order': {
    about: 'which of two symbols came first',
    published: 'T=100: 31,390 sequences, 1 of 2,560 wrong (LSTM, 1997); chance 0.25',
    solved: { metric: 'accuracy', atLeast: 0.99 },
    make: (options) => temporalOrderProblem(options),
  },
  copy: {
    about: 'ten symbols, to be reproduced after T steps',
    published:
      'memoryless 10 ln 8 / (T + 20); T=1000: LSTM 0.0204, GRU 0.0197, RNN 0.0202, memoryless 0.0204 (Bai 2018)',
    solved: { metric: 'recall', atLeast: 0.99 },
    make: (options) => copyProblem(options),
  },
  'embedded-reber': {
    about: 'what may follow in a grammar whose end depends on its beginning',
    published: 'mean 8,440 sequences (LSTM, 1997)',
    solved: { metric: 'legal', atLeast: 1 },
    make: () => embeddedReberProblem(),
  },
  parity: {
    about: 'whether the number of ones is odd, on rows longer than any in training',
    published:
      'solved by networks with a state that feeds its own gates, not by linear recurrences (Beck 2024); chance 0.5',
    solved: { metric: 'accuracy', atLeast: 0.99 },
    make: (options) => parityProblem(options),
  },
} satisfies Record<string, MemoryEntry>;

/** The name of a memory problem. */
export type MemoryName = keyof typeof entries;

/** Every memory problem by its name. */
export const memoryProblems: Readonly<Record<MemoryName, MemoryEntry>> = entries;

/** The names of all memory problems. */
export const memoryNames = Object.keys(entries) as MemoryName[];
