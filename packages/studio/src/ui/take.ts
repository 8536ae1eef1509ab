// Figures and tables as files. Colors of the page are variables, which an image elsewhere does not have: they are written out.

import { csvOf, type TableData } from './csv.ts';

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

/** The SVG of a figure with its colors written out. */
function svgText(of: Element | null): { text: string; width: number; height: number } | null {
  const svg = of?.querySelector('svg.chart');
  if (!svg) return null;
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(Math.round(width)));
  copy.setAttribute('height', String(Math.round(height)));
  const [from, to] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')];
  for (const [k, element] of from.entries()) {
    const style = getComputedStyle(element);
    for (const name of ['fill', 'stroke', 'stroke-width', 'stroke-opacity', 'fill-opacity', 'stroke-dasharray'])
      to[k].setAttribute(name, style.getPropertyValue(name));
    if (element.localName === 'text') {
      to[k].setAttribute('font-family', style.fontFamily);
      to[k].setAttribute('font-size', style.fontSize);
    }
    to[k].removeAttribute('class');
  }
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

export function takeSvg(of: Element | null, title: string): void {
  const svg = svgText(of);
  if (svg) download(fileName(title, 'svg'), svg.text, 'image/svg+xml');
}

/** A PNG of twice the size, on the card's own ground. */
export async function takePng(of: Element | null, title: string): Promise<void> {
  const source = of?.querySelector('canvas') ?? (await rasterOf(of));
  if (!of || !source) return;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [source.width, source.height];
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = getComputedStyle(of).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && download(fileName(title, 'png'), blob, 'image/png'));
}

async function rasterOf(of: Element | null): Promise<HTMLImageElement | null> {
  const svg = svgText(of);
  if (!svg) return null;
  const image = new Image(2 * svg.width, 2 * svg.height);
  const url = URL.createObjectURL(new Blob([svg.text], { type: 'image/svg+xml' }));
  try {
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
