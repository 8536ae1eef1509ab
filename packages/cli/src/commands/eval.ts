// `unrolled eval <run>`: how well a saved model predicts a text, and what narrower weights would cost.

import { evaluateLanguageModel, FormatError, roundWeights, type WeightFormat } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { evalTextOptions } from '../command-line/tables.ts';
import { demoText } from '../demo-text.ts';
import { table } from '../terminal/index.ts';
import { loadText } from '../text/load.ts';
import { readText, sha256 } from '../text/read.ts';
import { validationOf } from '../text/session.ts';
import { chooseBackend } from './compute.ts';

export interface EvalResult {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly characters: number;
  /** Nats per character. */
  readonly loss: number;
  readonly bitsPerCharacter: number;
  readonly perplexity: number;
  /** The same with weights in this format, and the difference. */
  readonly weights?: { readonly format: string; readonly loss: number; readonly cost: number };
}

export const evaluate: CommandSpec<typeof evalTextOptions> = {
  name: 'eval',
  summary: 'measure how well a trained model predicts a text',
  args: [['<run>', 'the run folder']],
  options: evalTextOptions,
  examples: ['unrolled eval runs/my', 'unrolled eval runs/my --text other.txt --weights int8'],
  async run(values, [path]) {
    await chooseBackend(values);
    const { model, vocabulary, config, step, notice } = await loadText(path, values.checkpoint as 'best' | 'last');
    if (notice && !values.quiet) process.stderr.write(`${notice}\n`);
    const own = values.text === null;
    const source = own ? ownText(config.data.source) : readText([values.text as string]);
    if (own && sha256(source.text) !== config.data.sha256) {
      throw new FormatError(
        config.data.source,
        'is not the text that this run was trained on any more; name the text to measure on with --text',
      );
    }
    const all = vocabulary.encode(source.text);
    const ids = own ? all.subarray(Math.floor(all.length * (1 - config.training.valFrac))) : all;
    const { loss, targets } = await evaluateLanguageModel(model, validationOf(ids));
    const result: EvalResult = {
      run: path,
      step,
      source: source.source,
      characters: targets,
      loss,
      bitsPerCharacter: loss / Math.LN2,
      perplexity: Math.exp(loss),
      weights: await narrower(values.weights as WeightFormat),
    };
    if (!values.json) show(result, own);
    return result;

    async function narrower(format: WeightFormat): Promise<EvalResult['weights']> {
      if (format === 'float32') return undefined;
      roundWeights(model, format);
      const rounded = (await evaluateLanguageModel(model, validationOf(ids))).loss;
      return { format, loss: rounded, cost: rounded - loss };
    }
  },
};

/** The text that the run was trained on, from where it was read. */
function ownText(source: string) {
  const demo = source.startsWith('the declaration files') ? demoText() : null;
  return demo ? { text: demo.text, source } : readText(source.split(', '));
}

function show(r: EvalResult, own: boolean): void {
  const rows: (readonly [string, string])[] = [
    ['loss', `${r.loss.toFixed(4)} nats per character`],
    ['', `${r.bitsPerCharacter.toFixed(4)} bits per character`],
    ['perplexity', r.perplexity.toFixed(3)],
    ['measured on', `${r.characters} characters of ${r.source}${own ? ' (its validation part)' : ''}`],
    ['weights', `${r.run}, step ${r.step}`],
  ];
  if (r.weights)
    rows.push([
      `with ${r.weights.format}`,
      `${r.weights.loss.toFixed(4)} nats, ${r.weights.cost >= 0 ? '+' : ''}${r.weights.cost.toFixed(5)}`,
    ]);
  for (const line of table(rows)) process.stdout.write(`${line}\n`);
}
