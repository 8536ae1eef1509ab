// What `--draw` asks for: a page with all drawings, or an SVG or PNG of each.

import { OptionError } from 'unrolled';
import { imageAttention } from 'unrolled/analysis';
import { writeFile } from '../write-file.ts';
import { type CaptionFigure, captionPage } from './caption-page.ts';
import { svgToPng } from './svg-to-png.ts';

const endings = ['.html', '.svg', '.png'];

/** Throws an OptionError for a file that is none of these. */
export function checkDrawing(file: string): void {
  if (!endings.some((ending) => file.toLowerCase().endsWith(ending)))
    throw new OptionError('predict', 'draw', `expected a file that ends in ${endings.join(', ')}, got ${file}`);
}

/** Where there are several drawings their files are numbered. Returns the files. */
export async function writeDrawings(
  file: string,
  page: { readonly title: string; readonly about: string },
  figures: readonly CaptionFigure[],
): Promise<string[]> {
  if (file.toLowerCase().endsWith('.html')) {
    writeFile(file, captionPage(page.title, figures, page.about));
    return [file];
  }
  const files: string[] = [];
  for (const [n, { drawing }] of figures.entries()) {
    const svg = imageAttention(drawing, { size: 160, columns: 7 });
    const path = figures.length === 1 ? file : file.replace(/(\.[a-z]+)$/i, `-${n + 1}$1`);
    writeFile(path, path.toLowerCase().endsWith('.png') ? await svgToPng(svg) : svg);
    files.push(path);
  }
  return files;
}
