// `unrolled predict <run>`: predictions of a trained model for new data, a line or a JSON object for each.

import { OptionError } from 'unrolled';
import type { Values } from '../command-line/options.ts';
import type { CommandSpec } from '../command-line/program.ts';
import { predictOptions } from '../command-line/tables.ts';
import type { PredictValues } from '../runs/kind.ts';
import { refuseOthers } from '../runs/means-nothing.ts';
import { calledOf, kindOf, kinds } from '../tasks.ts';
import { openSaved } from '../runs/saved.ts';
import { chooseBackend } from './compute.ts';
import { otherTask } from './other-task.ts';
import { isTensorsRun, predictTensors } from './predict-tensors.ts';
import { jsonText, screenOf, stderr, stdout } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export const predict: CommandSpec<typeof predictOptions> = {
  name: 'predict',
  summary: 'predict with a trained model on new data',
  args: [
    ['<run>', 'the run folder'],
    [
      '[inputs...]',
      'texts, image or video files or folders of them, tables and arrays of number sequences, or JSON with tensors by name; - reads lines from standard input',
    ],
  ],
  options: predictOptions,
  examples: [
    'unrolled predict runs/reviews "not bad at all"',
    'unrolled predict runs/reviews --file new.csv --json > answers.jsonl',
    'unrolled predict runs/photos a.jpg b.png --draw where.html',
    'cat lines.txt | unrolled predict runs/reviews -',
  ],
  run: (values, args) => predictWith('predict', values, args),
};

/** Options that only some of the predicting commands have. */
type Sometimes = 'topK' | 'nBest' | 'draw' | 'images' | 'clips' | 'features' | 'badRows';

const usual = { topK: 5, nBest: 1, draw: null, images: null, clips: null, features: null, badRows: null };

/** The predictions of a run, printed as they come. `only`: the one task whose runs the command is for. */
export async function predictWith(
  command: string,
  values: Omit<Values<typeof predictOptions>, Sometimes> & Partial<Pick<PredictValues, Sometimes>>,
  [path, ...inputs]: readonly string[],
  only: string | null = null,
): Promise<null> {
  await chooseBackend(values);
  if (command === 'predict' && isTensorsRun(path)) {
    await predictTensors(path, inputs, values.checkpoint as 'best' | 'last');
    return null;
  }
  const saved = await openSaved(path, values.checkpoint as 'best' | 'last');
  const warn = (text: string) => void (values.quiet || stderr.write(`${t(text)}\n`));
  if (saved.notice) warn(saved.notice);
  const kind = kindOf(saved);
  if (!kind.predict || (only !== null && kind.name !== only)) {
    const able =
      only ??
      kinds
        .filter((k) => k.predict)
        .map((k) => k.name)
        .join(', ');
    throw otherTask(command, path, kind.name, able);
  }
  if (command === 'predict') refuseOthers(command, predictOptions, values, calledOf(kind), kind.predicts ?? ['file']);
  if (values.file !== null && inputs.length > 0)
    throw new OptionError(
      command,
      inputs.join(' '),
      `would not be read together with --file ${values.file}; leave one of them out`,
    );
  const screen = screenOf(stdout);
  for await (const prediction of kind.predict(saved, { ...usual, ...values }, inputs, warn)) {
    const text = values.json ? jsonText(prediction.result) : prediction.lines(screen).join('\n');
    if (!stdout.write(`${text}\n`)) await stdout.drained();
  }
  return null;
}
