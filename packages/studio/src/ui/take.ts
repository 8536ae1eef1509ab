// Figures and tables as files.

import { csvOf, type TableData } from './csv.ts';
import { type Drawing, drawingOf } from './drawing.ts';

/** Offers a file for download. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const fileName = (title: string, ending: string) =>
  `${title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '')}.${ending}`;

export function takeCsv(table: TableData, title: string): void {
  download(fileName(title, 'csv'), csvOf(table), 'text/csv');
}

export function takeSvg(card: Element | null, title: string): void {
  const drawing = drawingOf(card);
  if (drawing) download(fileName(title, 'svg'), drawing.text, 'image/svg+xml');
}

/** A PNG of twice the size, on the card's own ground. */
export async function takePng(card: Element | null, title: string): Promise<void> {
  const drawing = drawingOf(card);
  if (!card || !drawing) return;
  const image = await rasterOf(drawing);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = getComputedStyle(card).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && download(fileName(title, 'png'), blob, 'image/png'));
}

async function rasterOf({ text, width, height }: Drawing): Promise<HTMLImageElement> {
  const image = new Image(2 * width, 2 * height);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
