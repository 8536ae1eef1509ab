import { imageUrl } from '../../analysis/index.ts';
import { escapeXml, image as svg, round, titleOf, wrapText } from '../../analysis/svg.ts';
import type { ImagesFigure } from '../figures.ts';

const [width, size, gap] = [440, 132, 10];

/** Images in rows of three; where there is a map, a region is the darker, the less it is attended to, and the largest weight is written in it. */
export function drawImages({ title = '', images }: ImagesFigure): string {
  const heading = titleOf(title, width);
  const rows = Array.from({ length: Math.ceil(images.length / 3) }, (_, r) => images.slice(3 * r, 3 * r + 3));
  let y = heading.bottom + 4;
  const parts = rows.flatMap((row) => {
    const captions = row.map(({ caption }) => wrapText(caption, size, 13));
    const at = y;
    y += size + 8 + 16 * Math.max(...captions.map((lines) => lines.length)) + gap;
    return row.map(({ image, map }, k) => {
      const x = 12 + k * (size + gap);
      const lines = captions[k].map(
        (text, l) =>
          `<text x="${x + size / 2}" y="${at + size + 17 + 16 * l}" text-anchor="middle">${escapeXml(text)}</text>`,
      );
      return `<image x="${x}" y="${at}" width="${size}" height="${size}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${imageUrl(image)}"/>${map ? shade(map, x, at) : ''}${lines.join('')}`;
    });
  });
  return svg({ width, height: y, label: title || images.map(({ caption }) => caption).join('; ') }, [
    heading.svg,
    ...parts,
  ]);
}

function shade(map: readonly (readonly number[])[], x: number, y: number): string {
  const most = Math.max(1e-12, ...map.flat());
  const [height, width] = [size / map.length, size / map[0].length];
  return map
    .flatMap((row, r) =>
      row.map((weight, c) => {
        const [left, top] = [round(x + c * width), round(y + r * height)];
        const written =
          weight === most
            ? `<text class="small" style="fill:#fff;paint-order:stroke;stroke:#000;stroke-width:3px" x="${round(left + width / 2)}" y="${round(top + height / 2 + 4)}" text-anchor="middle">${weight.toFixed(2)}</text>`
            : '';
        return `<rect x="${left}" y="${top}" width="${round(width + 0.2)}" height="${round(height + 0.2)}" fill="#000" fill-opacity="${round(0.8 * (1 - weight / most), 3)}"><title>${weight.toFixed(3)}</title></rect>${written}`;
      }),
    )
    .join('');
}
