// How well a saved model predicts a text, and what narrower weights would cost.

import { evaluateLanguageModel, FormatError, OptionError, quantizeWeights, type WeightFormat } from 'unrolled';
import { GraphModel } from 'unrolled/graph';
import { type TextCodec, textGeneration, type TextGenerationPipeline } from 'unrolled/pipelines';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { demoText, isDemoText } from '../demo-text.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { requireOwnModel } from '../runs/own-model.ts';
import { requireOwnData, requireSameData } from '../runs/own-data.ts';
import { grouped, table } from '../terminal/index.ts';
import { type CachedEvaluation, cacheRow, evaluateCached } from './cache.ts';
import type { TextConfig, TextData } from './config.ts';
import { readText, sha256, type TextSource, validationOf } from './data.ts';
import { readSymbols, symbolName } from './tokens.ts';
import { t } from '../language/index.ts';

export interface TextEvaluation {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  /** Symbols that were predicted: characters, or tokens. */
  readonly characters: number;
  readonly symbols: 'characters' | 'tokens';
  /** Symbols that the model does not know. */
  readonly unknown: number;
  /** Nats per symbol. */
  readonly loss: number;
  /** Of tokens: their bits over the characters of the text, to be compared with models of characters. */
  readonly bitsPerCharacter: number;
  readonly perplexity: number;
  /** The same with weights in this format, and the difference. */
  readonly weights?: { readonly format: string; readonly loss: number; readonly cost: number };
  /** The same with a cache of what was read lately. */
  readonly cache?: CachedEvaluation;
}

export async function evaluateText(saved: SavedRun<TextConfig>, values: EvaluateValues): Promise<Report> {
  const pipeline = await saved.open(textGeneration);
  const { model, vocabulary } = pipeline;
  const { config, step } = saved;
  const own = values.file === null;
  const source = own ? ownText(config.data) : readText([values.file as string]);
  const all = readSymbols(vocabulary, source.text, source.source);
  const ids = own ? all.ids.subarray(Math.floor(all.ids.length * (1 - config.training.valFrac))) : all.ids;
  const symbols = symbolName(vocabulary);
  const { loss, targets } =
    model instanceof GraphModel
      ? await lossOfSteps(pipeline, ids)
      : await evaluateLanguageModel(model, validationOf(ids));
  const result: TextEvaluation = {
    run: saved.path,
    step,
    source: source.source,
    characters: targets,
    symbols,
    unknown: all.unknown,
    loss,
    bitsPerCharacter:
      (loss / Math.LN2) *
      (symbols === 'tokens' ? ids.length / charactersOf(vocabulary, ids, own ? null : source.text) : 1),
    perplexity: Math.exp(loss),
    cache: await evaluateCached(saved, model, ids, values),
    weights: await narrower(values.weights as WeightFormat),
  };
  return { result, warnings: own ? [] : all.warnings, lines: () => linesOf(result, own) };

  async function narrower(format: WeightFormat): Promise<TextEvaluation['weights']> {
    if (format === 'float32') return undefined;
    const own = requireOwnModel(saved.path, model, 'eval --weights');
    quantizeWeights(own, format);
    const rounded = (await evaluateLanguageModel(own, validationOf(ids))).loss;
    return { format, loss: rounded, cost: rounded - loss };
  }
}

/** Characters (grapheme clusters) of the text that these tokens are of: of a part of it, as they are decoded. */
function charactersOf(codec: TextCodec, ids: Int32Array, text: string | null): number {
  const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });
  let count = 0;
  for (const _ of characters.segment(text ?? codec.decode(ids))) count++;
  return Math.max(1, count);
}

/** Nats for each symbol of a text after the first, read one after the other by a model that is no LanguageModel. */
async function lossOfSteps(
  { stepper: make }: TextGenerationPipeline,
  ids: Int32Array,
): Promise<{ readonly loss: number; readonly targets: number }> {
  if (ids.length < 2) throw new OptionError('eval', 'text', `expected at least 2 symbols, got ${ids.length}`);
  const stepper = make();
  let sum = 0;
  try {
    for (let t = 0; t + 1 < ids.length; t++) {
      const logits = stepper.step(ids[t]);
      const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
      sum += most + Math.log(logits.reduce((total, y) => total + Math.exp(y - most), 0)) - logits[ids[t + 1]];
      if (t % 16 === 0) await setImmediate(); // so that it can be interrupted
    }
  } finally {
    stepper.dispose();
  }
  return { loss: sum / (ids.length - 1), targets: ids.length - 1 };
}

/** The text that the run was trained on, from where it was read. Throws a FormatError where it is another by now. */
export function ownText(data: Pick<TextData, 'source' | 'paths' | 'sha256' | 'imported'>): TextSource {
  requireOwnData(data, '--text');
  const found = readOwnText(data);
  requireSameData({ source: data.source, sha256: sha256(found.text) }, data, '--text');
  return found;
}

function readOwnText({ source, paths }: Pick<TextData, 'source' | 'paths'>): TextSource {
  const files = paths ?? (existsSync(source) ? [source] : source.split(', '));
  if (files.includes('-'))
    throw new FormatError(
      'standard input',
      'is what this run was trained on, and that is gone; name the text to measure on with --text',
    );
  const demo = paths?.length === 0 || isDemoText(source) ? demoText(source) : null;
  return demo ? { text: demo.text, source, paths: [] } : readText(files);
}

function linesOf(r: TextEvaluation, own: boolean): string[] {
  const rows: (readonly [string, string])[] = [
    [t('loss'), t`${r.loss.toFixed(4)} nats per ${t(r.symbols.slice(0, -1))}`],
    ['', t`${r.bitsPerCharacter.toFixed(4)} bits per character`],
    [t('perplexity'), r.perplexity.toFixed(3)],
    ...(r.unknown > 0 ? [[t('unknown'), `${grouped(r.unknown)} ${r.symbols}`] as const] : []),
    [t('measured on'), t`${r.characters} ${t(r.symbols)} of ${t(r.source)}${own ? t(' (its validation part)') : ''}`],
    [t('weights'), t`${r.run}, step ${r.step}`],
  ];
  if (r.cache) rows.push(cacheRow(r.cache));
  if (r.weights)
    rows.push([
      t`with ${r.weights.format}`,
      t`${r.weights.loss.toFixed(4)} nats, ${r.weights.cost >= 0 ? '+' : ''}${r.weights.cost.toFixed(5)}`,
    ]);
  return table(rows);
}
