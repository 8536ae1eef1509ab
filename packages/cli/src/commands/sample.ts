// `unrolled sample <run>`: text from a trained model, printed as it is sampled.

import { randomInt } from 'node:crypto';
import { type WeightFormat } from 'unrolled';
import { textGeneration } from 'unrolled/pipelines';
import type { CommandSpec } from '../command-line/program.ts';
import { sampleTextOptions } from '../command-line/tables.ts';
import { stderr, stdout, styleFor } from '../terminal/index.ts';
import { isRunOf } from '../runs/kind.ts';
import { openSaved } from '../runs/saved.ts';
import { text } from '../text/kind.ts';
import { chooseBackend } from './compute.ts';
import { otherTask } from './other-task.ts';
import { t } from '../language/index.ts';

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
  summary: 'generate text with a trained model',
  args: [['<run>', 'the run folder']],
  options: sampleTextOptions,
  examples: [
    'unrolled sample runs/my --prompt "Once " --temperature 0.7',
    'unrolled sample runs/my --max-tokens 2000 --seed 3 > text.txt',
  ],
  async run(values, [path]) {
    await chooseBackend(values);
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last');
    if (!isRunOf(saved, text)) throw otherTask('sample', path, saved.config.task, 'text');
    const { step, notice } = saved;
    if (notice && !values.quiet) stderr.write(`${t(notice)}\n`);
    const weights = values.weights as WeightFormat;
    const writer = await saved.open(textGeneration, { weights });
    const { vocabulary } = writer;
    const { maxTokens, temperature, topK, topP, minP } = values;
    const greedy = values.greedy || temperature === 0;
    const seed = values.seed ?? randomInt(2 ** 31);
    const show = !values.json;
    if (show) stdout.write(styleFor(process.stdout).dim(vocabulary.decode(vocabulary.encode(values.prompt))));
    const pieces: string[] = [];
    const start = performance.now();
    for await (const { text: piece } of writer.generate(values.prompt, {
      maxTokens,
      ...(greedy ? {} : { temperature }),
      topK,
      topP,
      minP,
      greedy,
      seed,
    })) {
      pieces.push(piece);
      if (show && !stdout.write(piece)) await stdout.drained();
    }
    const seconds = (performance.now() - start) / 1000;
    if (show) stdout.write('\n');
    return {
      run: path,
      step,
      prompt: values.prompt,
      text: pieces.join(''),
      seed,
      charactersPerSecond: Math.round(pieces.length / Math.max(seconds, 1e-9)),
    } satisfies SampleResult;
  },
};
