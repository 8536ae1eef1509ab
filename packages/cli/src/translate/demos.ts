// Synthetic pairs, by the name that --demo has for them, with the tokens that suit them.

import { syntheticData, type TextPair, type TokenUnit } from 'unrolled/data';

interface Demo {
  readonly made: { readonly about: string; readonly make: (count: number, seed: number) => TextPair[] };
  readonly count: number;
  readonly targetUnit?: TokenUnit;
}

const demos = {
  sums: { made: syntheticData.sums, count: 40_000 },
  reversals: { made: syntheticData.reversal, count: 20_000 },
  dates: { made: syntheticData.dates, count: 10_000 },
  'dates-ko': { made: syntheticData['dates-ko'], count: 10_000 },
  numbers: { made: syntheticData['number-words'], count: 20_000, targetUnit: 'word' },
  'numbers-ko': { made: syntheticData['number-words-ko'], count: 20_000 },
} satisfies Record<string, Demo>;

export const translateDemoNames = Object.keys(demos) as (keyof typeof demos)[];

export function translateDemo(name: string): Demo {
  return demos[name as keyof typeof demos];
}
