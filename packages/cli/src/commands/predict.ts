// `unrolled predict <run>`: what a trained model says about new data, a line or a JSON object for each.

import { OptionError } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { predictOptions } from '../command-line/tables.ts';
import { kindOf, kinds } from '../runs/kinds.ts';
import { openSaved } from '../runs/saved.ts';
import { chooseBackend } from './compute.ts';

export const predict: CommandSpec<typeof predictOptions> = {
  name: 'predict',
  summary: 'ask a trained model about new data',
  args: [
    ['<run>', 'the run folder'],
    ['[inputs...]', 'texts, or pictures; - reads lines from standard input'],
  ],
  options: predictOptions,
  examples: [
    'unrolled predict runs/reviews "not bad at all"',
    'unrolled predict runs/reviews --file new.csv --json > answers.jsonl',
    'unrolled predict runs/photos a.jpg b.png --draw where.html',
    'cat lines.txt | unrolled predict runs/reviews -',
  ],
  async run(values, [path, ...inputs]) {
    await chooseBackend(values);
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last');
    if (saved.notice && !values.quiet) process.stderr.write(`${saved.notice}\n`);
    const kind = kindOf(saved);
    if (!kind.predict) {
      const able = kinds.filter((k) => k.predict).map((k) => k.name);
      throw new OptionError(
        'predict',
        path,
        `is a run of the task ${kind.name}; those that predict are ${able.join(', ')}`,
      );
    }
    for await (const { result, lines } of kind.predict(saved, values, inputs)) {
      const text = values.json ? JSON.stringify(result) : lines.join('\n');
      if (!process.stdout.write(`${text}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
    return null;
  },
};
