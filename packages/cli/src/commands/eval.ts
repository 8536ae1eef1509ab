// `unrolled eval <run>`: how good a saved model is, on the data it kept for validation or on others.

import { OptionError } from 'unrolled';
import { withoutForeign } from '../command-line/advice.ts';
import { flagOf } from '../command-line/options.ts';
import type { CommandSpec } from '../command-line/program.ts';
import { evalOptions } from '../command-line/tables.ts';
import { calledOf, kindOf } from '../tasks.ts';
import { orLostData } from '../runs/lost-data.ts';
import { refuseOthers } from '../runs/means-nothing.ts';
import { grouped, screenOf, stderr, stdout, WaitingLine } from '../terminal/index.ts';
import { openSaved } from '../runs/saved.ts';
import { shellPath } from '../shell.ts';
import { chooseBackend } from './compute.ts';
import { t } from '../language/index.ts';

/** Of the file that is named, and of nothing else. */
const ofAFile = ['where', 'images', 'clips', 'features', 'badRows'] as const;

export const evaluate: CommandSpec<typeof evalOptions> = {
  name: 'eval',
  summary: 'evaluate a trained model',
  args: [['<run>', 'the run folder']],
  options: evalOptions,
  examples: ['unrolled eval runs/my', 'unrolled eval runs/my --file other.csv', 'unrolled eval runs/my --weights int8'],
  async run(values, [path]) {
    await chooseBackend(values);
    const file = values.file ?? values.text;
    const trust = { ownData: file === null, trustPaths: values.trustPaths };
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last', trust);
    if (saved.notice && !values.quiet) stderr.write(`${t(saved.notice)}\n`);
    const kind = kindOf(saved);
    refuseOthers('eval', evalOptions, values, calledOf(kind), kind.evaluates);
    for (const key of ofAFile)
      if (file === null && values[key] !== null)
        throw new OptionError('eval', `--${flagOf(key)}`, 'means nothing without --file');
    const line = new WaitingLine(values.quiet ? null : stderr);
    const measure = () =>
      kind.evaluate(saved, { ...values, file }, (done, total) => line.show(t`${grouped(done)} of ${grouped(total)}`));
    const others = `unrolled eval ${shellPath(path)} --file …`;
    const report = await (file === null ? orLostData('eval', saved.config, others, measure) : measure());
    line.clear();
    if (!values.json)
      for (const text of [...report.warnings.map((warning) => t(warning)), ...report.lines(screenOf(stdout))])
        stdout.write(`${withoutForeign(text, evalOptions)}\n`);
    return report.result;
  },
};
