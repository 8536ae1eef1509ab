// A drawing as pixels, for where no SVG goes. The letters are those of the machine's fonts; sharp is loaded when it is needed.

import { loadPackage } from '../installed.ts';

/** sharp itself; `what` needs it. */
export const loadSharp = (what: string) => loadPackage('sharp', what, () => import('sharp'));

/** Twice as many pixels as the drawing says, on white. */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await loadSharp('writing PNG');
  return sharp(Buffer.from(svg), { density: 144 }).flatten({ background: '#ffffff' }).png().toBuffer();
}
