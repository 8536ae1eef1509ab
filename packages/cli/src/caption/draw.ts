// Where each word looked, as a page, as SVG and as PNG.

import { writeFile } from 'node:fs/promises';
import { type CaptionFigure, captionPage, type Captioner, OptionError, type Picture, pictureAttention } from 'unrolled';
import { mapOf, type Said } from './model.ts';

export interface Drawn {
  readonly name: string;
  readonly said: Said;
  readonly picture: Picture;
  readonly references?: readonly string[];
}

export function figureOf(model: Captioner, { name, said, picture, references }: Drawn, size = 112): CaptionFigure {
  const { words, weights, caption } = said;
  const looked = weights ? { words, weights, map: mapOf(model, weights[0]?.length ?? 0) } : { words: [], weights: [] };
  const svg = pictureAttention({ picture, ...looked }, { size, columns: 7 });
  return { name, caption, svg, references };
}

export const drawings = ['.html', '.svg', '.png'];

/** Throws an OptionError for a file that is none of these. */
export function checkDrawing(file: string): void {
  if (!drawings.some((ending) => file.toLowerCase().endsWith(ending)))
    throw new OptionError('predict', 'draw', `expected a file that ends in ${drawings.join(', ')}, got ${file}`);
}

/** One page for all pictures, or a drawing for each, numbered where there are several. Returns the files. */
export async function draw(model: Captioner, file: string, all: readonly Drawn[], title: string): Promise<string[]> {
  if (file.toLowerCase().endsWith('.html')) {
    const figures = all.map((one) => figureOf(model, one));
    await writeFile(file, captionPage(title, figures, aboutAttention(all)));
    return [file];
  }
  const files: string[] = [];
  for (const [n, one] of all.entries()) {
    const path = all.length === 1 ? file : file.replace(/(\.[a-z]+)$/i, `-${n + 1}$1`);
    const { svg } = figureOf(model, one, 160);
    await writeFile(path, path.toLowerCase().endsWith('.png') ? await rendered(svg) : svg);
    files.push(path);
  }
  return files;
}

function aboutAttention(all: readonly Drawn[]): string {
  return all.some(({ said }) => said.weights)
    ? 'Each picture as it is, and once for every word: the brighter, the more the word was read from there.'
    : '';
}

async function rendered(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: 144 }).flatten({ background: '#fff' }).png().toBuffer();
}
