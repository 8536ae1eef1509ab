// `unrolled eval <run>`: how good a saved model is, on the data it kept for validation or on others.

import type { CommandSpec } from '../command-line/program.ts';
import { evalOptions } from '../command-line/tables.ts';
import { kindOf } from '../runs/kinds.ts';
import { grouped, stderr, stdout, WaitingLine } from '../terminal/index.ts';
import { openSaved } from '../runs/saved.ts';
import { chooseBackend } from './compute.ts';

export const evaluate: CommandSpec<typeof evalOptions> = {
  name: 'eval',
  summary: 'measure how good a trained model is',
  args: [['<run>', 'the run folder']],
  options: evalOptions,
  examples: ['unrolled eval runs/my', 'unrolled eval runs/my --file other.csv', 'unrolled eval runs/my --weights int8'],
  async run(values, [path]) {
    await chooseBackend(values);
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last');
    if (saved.notice && !values.quiet) stderr.write(`${saved.notice}\n`);
    const file = values.file ?? values.text;
    const line = new WaitingLine(values.quiet ? null : stderr);
    const { result, lines } = await kindOf(saved).evaluate(saved, { ...values, file }, (done, total) =>
      line.show(`${grouped(done)} of ${grouped(total)}`),
    );
    line.clear();
    if (!values.json) for (const line of lines) stdout.write(`${line}\n`);
    return result;
  },
};
