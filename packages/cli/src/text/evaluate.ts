// How well a saved model predicts a text, and what narrower weights would cost.

import { evaluateLanguageModel, FormatError, quantizeWeights, type WeightFormat } from 'unrolled';
import { textGeneration } from 'unrolled/pipelines';
import { existsSync } from 'node:fs';
import { demoText, isDemoText } from '../demo-text.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { requireOwnData, requireSameData } from '../runs/own-data.ts';
import { table } from '../terminal/index.ts';
import type { TextConfig, TextData } from './config.ts';
import { readText, sha256, type TextSource, validationOf } from './data.ts';

export interface TextEvaluation {
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

export async function evaluateText(saved: SavedRun<TextConfig>, values: EvaluateValues): Promise<Report> {
  const { model, vocabulary } = await saved.open(textGeneration);
  const { config, step } = saved;
  const own = values.file === null;
  const source = own ? ownText(config.data) : readText([values.file as string]);
  const all = vocabulary.encode(source.text);
  const ids = own ? all.subarray(Math.floor(all.length * (1 - config.training.valFrac))) : all;
  const { loss, targets } = await evaluateLanguageModel(model, validationOf(ids));
  const result: TextEvaluation = {
    run: saved.path,
    step,
    source: source.source,
    characters: targets,
    loss,
    bitsPerCharacter: loss / Math.LN2,
    perplexity: Math.exp(loss),
    weights: await narrower(values.weights as WeightFormat),
  };
  return { result, warnings: [], lines: () => linesOf(result, own) };

  async function narrower(format: WeightFormat): Promise<TextEvaluation['weights']> {
    if (format === 'float32') return undefined;
    quantizeWeights(model, format);
    const rounded = (await evaluateLanguageModel(model, validationOf(ids))).loss;
    return { format, loss: rounded, cost: rounded - loss };
  }
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
  return table(rows);
}
