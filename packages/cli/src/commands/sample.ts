// `unrolled sample <run>`: text from a saved model, written as it is drawn.

import { randomInt } from 'node:crypto';
import { FormatError, generate, stepperOf, type WeightFormat } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { sampleTextOptions } from '../command-line/tables.ts';
import { stderr, stdout, styleFor } from '../terminal/index.ts';
import { isRunOf } from '../runs/kind.ts';
import { openSaved } from '../runs/saved.ts';
import { text } from '../text/kind.ts';
import { restoreText } from '../text/model.ts';
import { chooseBackend } from './compute.ts';

export interface SampleResult {
  readonly run: string;
  readonly step: number;
  readonly prompt: string;
  readonly text: string;
  readonly seed: number;
  readonly charactersPerSecond: number;
}

export const sample: CommandSpec<typeof sampleTextOptions> = {
  name: 'sample',
  summary: 'write text with a trained model',
  args: [['<run>', 'the run folder']],
  options: sampleTextOptions,
  examples: [
    'unrolled sample runs/my --prompt "Once " --temperature 0.7',
    'unrolled sample runs/my --length 2000 --seed 3 > text.txt',
  ],
  async run(values, [path]) {
    await chooseBackend(values);
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last');
    if (!isRunOf(saved, text)) throw new FormatError(path, `expected a run of the task text, got ${saved.config.task}`);
    const { model, vocabulary, step, notice } = restoreText(saved);
    if (notice && !values.quiet) stderr.write(`${notice}\n`);
    const prompt = vocabulary.encode(values.prompt);
    const { length, temperature, topK, topP, greedy } = values;
    const seed = values.seed ?? randomInt(2 ** 31);
    const stepper = stepperOf(model, values.weights as WeightFormat);
    const show = !values.json;
    if (show) stdout.write(styleFor(process.stdout).dim(vocabulary.decode(prompt)));
    const parts: string[] = [];
    const start = performance.now();
    for (const id of generate(stepper, prompt, { length, temperature, topK, topP, greedy, seed })) {
      const character = vocabulary.decode([id]);
      parts.push(character);
      if (show && !stdout.write(character)) await stdout.drained();
    }
    const seconds = (performance.now() - start) / 1000;
    if (show) stdout.write('\n');
    return {
      run: path,
      step,
      prompt: values.prompt,
      text: parts.join(''),
      seed,
      charactersPerSecond: Math.round(parts.length / Math.max(seconds, 1e-9)),
    } satisfies SampleResult;
  },
};
