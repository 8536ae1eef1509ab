// Where a translation looked: in the terminal, or as an image in a file.

import { type DecoderKind, OptionError } from 'unrolled';
import { attentionMap } from 'unrolled/analysis';
import type { Translation } from 'unrolled/pipelines';
import { writeFile } from '../write-file.ts';
import { heatmap } from '../terminal/index.ts';
import { svgToPng } from '../pages/svg-to-png.ts';

/** What the tokens of a translation attend to. */
export interface AttentionMap {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly Float32Array[];
}

/** Null without attention. */
export function attentionOf({ sourceTokens, tokens, complete, attention }: Translation): AttentionMap | null {
  if (!attention) return null;
  return { source: sourceTokens, target: complete ? [...tokens, '</s>'] : tokens, weights: attention };
}

/** Draws the translation of text `row` of `count`; what it returns is printed. */
export type Draw = (map: AttentionMap, row: number, count: number) => Promise<string[]>;

/** Whether a decoder looks at the source at every step. */
export function attends(decoder: DecoderKind): boolean {
  return decoder !== 'plain' && decoder !== 'context' && decoder !== 'repeat';
}

/** `where`: `terminal`, or a file that ends in .svg or .png. Throws before anything was translated for what cannot be drawn. */
export async function drawAttention(where: string | null, decoder: DecoderKind): Promise<Draw> {
  if (where === null) return async () => [];
  const refuse = (problem: string) => new OptionError('translate', '--attention', problem);
  if (!attends(decoder))
    throw refuse(`this model's decoder (${decoder}) looks nowhere; train one with additive, dot, general or concat`);
  if (where === 'terminal') {
    const width = process.stdout.columns || 100;
    return async ({ source, target, weights }) => ['', ...heatmap(source, target, weights, { width }), ''];
  }
  const [, stem, ending] = /^(.*)(\.svg|\.png)$/i.exec(where) ?? [];
  if (!ending) throw refuse(`expected terminal, or a file that ends in .svg or .png, got ${where}`);
  return async (map, row, count) => {
    const path = count === 1 ? where : `${stem}-${row}${ending}`;
    const svg = attentionMap(map);
    writeFile(path, ending.toLowerCase() === '.svg' ? svg : await svgToPng(svg));
    return [];
  };
}
