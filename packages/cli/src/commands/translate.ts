// `unrolled translate <run>`: what a trained translator makes of texts, with every option of the search.

import type { CommandSpec } from '../command-line/program.ts';
import { translateTextOptions } from '../command-line/tables.ts';
import { predictWith } from './predict.ts';

export const translateTexts: CommandSpec<typeof translateTextOptions> = {
  name: 'translate',
  summary: 'translate texts with a trained model',
  args: [
    ['<run>', 'the run folder'],
    ['[texts...]', 'texts; - reads lines from standard input'],
  ],
  options: translateTextOptions,
  examples: [
    'unrolled translate runs/pairs "ein Hund läuft" --beams 5 --n-best 3',
    'unrolled translate runs/pairs --file test.de > test.en',
    'unrolled translate runs/pairs "ein Hund läuft" --attention map.svg',
    'cat lines.txt | unrolled translate runs/pairs - --json',
  ],
  run: (values, args) => predictWith('translate', values, args, 'translate'),
};
