// Pairs made by code, by the name that --demo has for them, with the tokens that suit them.

import { madeData, type TextPair, type TokenUnit } from 'unrolled';

interface Demo {
  readonly made: { readonly about: string; readonly make: (count: number, seed: number) => TextPair[] };
  readonly count: number;
  readonly targetUnit?: TokenUnit;
}

const demos = {
  sums: { made: madeData.sums, count: 40_000 },
  reversals: { made: madeData.reversal, count: 20_000 },
  dates: { made: madeData.dates, count: 10_000 },
  'dates-ko': { made: madeData['dates-ko'], count: 10_000 },
  numbers: { made: madeData['number-words'], count: 20_000, targetUnit: 'word' },
  'numbers-ko': { made: madeData['number-words-ko'], count: 20_000 },
} satisfies Record<string, Demo>;

export const translateDemoNames = Object.keys(demos) as (keyof typeof demos)[];

export function translateDemo(name: string): Demo {
  return demos[name as keyof typeof demos];
}
