// Translations for a person: source → prediction (reference), and attention maps in the terminal or as an image in a file.

import { type DecoderKind, OptionError } from 'unrolled';
import { attentionMap } from 'unrolled/analysis';
import type { Translation } from 'unrolled/pipelines';
import { svgToPng } from '../pages/svg-to-png.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { heatmap, stringWidth, truncate } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { t } from '../language/index.ts';

export interface Example {
  readonly source: string;
  readonly predicted: string;
  readonly target: string;
}

/** `✓ 135+62 → 197`, `✗ 4+9 → 12 (13)` */
export function exampleRows(examples: readonly Example[], { width: columns, style }: Screen): string[] {
  const { green, red, dim } = style;
  const width = columns - 12;
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const short = (text: string, room: number) => truncate(text, Math.max(12, room));
  return examples.map((example) => {
    const right = example.predicted === example.target;
    const target = right ? '' : short(plain(example.target), Math.floor(width / 3));
    const predicted = short(plain(example.predicted), Math.floor((width - stringWidth(target)) / 2));
    const source = short(plain(example.source), width - stringWidth(predicted) - stringWidth(target));
    const mark = right ? green('✓') : red('✗');
    return `${mark} ${source} ${dim('→')} ${predicted || dim(t('(nothing)'))}${right ? '' : ` ${dim(`(${target})`)}`}`;
  });
}

export function translated(data: readonly Example[]): Shown {
  return { data, lines: (screen) => exampleRows(data, screen) };
}

/** An attention map that fits the screen. */
export function attended({ source, target, weights }: AttentionMap): Shown {
  return {
    data: { source, target, weights: weights.map((row) => Array.from(row)) },
    lines: ({ width }) => [
      '',
      t('attention map (columns: source tokens, rows: target tokens):'),
      '',
      ...heatmap(source, target, weights, { width: width - 4 }),
    ],
  };
}

/** What the tokens of a translation attend to. */
export interface AttentionMap {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

/** Null without attention. */
export function attentionOf({ sourceTokens, tokens, complete, attention }: Translation): AttentionMap | null {
  if (!attention) return null;
  return { source: sourceTokens, target: complete ? [...tokens, '</s>'] : tokens, weights: attention };
}

/** Draws the attention map of text `row` of `count`; returns its layout for a screen, if it is for one. */
export type Draw = (map: AttentionMap, row: number, count: number) => Promise<(screen: Screen) => string[]>;

/** Whether a decoder attends to the source at every step. */
export function attends(decoder: DecoderKind): boolean {
  return decoder !== 'plain' && decoder !== 'context' && decoder !== 'repeat';
}

/** `where`: `terminal`, or a file that ends in .svg or .png. Throws before anything was translated for what cannot be drawn. */
export async function drawAttention(where: string | null, decoder: DecoderKind): Promise<Draw> {
  if (where === null) return async () => nothing;
  const refuse = (problem: string) => new OptionError('translate', '--attention', problem);
  if (!attends(decoder))
    throw refuse(
      `this model's decoder (${decoder}) attends to nothing; train one with additive, dot, general or concat`,
    );
  if (where === 'terminal') {
    return async ({ source, target, weights }) =>
      ({ width }) => ['', ...heatmap(source, target, weights, { width }), ''];
  }
  const [, stem, ending] = /^(.*)(\.svg|\.png)$/i.exec(where) ?? [];
  if (!ending) throw refuse(`expected terminal, or a file that ends in .svg or .png, got ${where}`);
  return async (map, row, count) => {
    const path = count === 1 ? where : `${stem}-${row}${ending}`;
    const svg = attentionMap(map);
    writeFile(path, ending.toLowerCase() === '.svg' ? svg : await svgToPng(svg));
    return nothing;
  };
}

const nothing = () => [];
