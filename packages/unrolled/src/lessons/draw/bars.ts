import { escapeXml, image, round, textWidth, titleOf } from '../../analysis/svg.ts';
import type { BarsFigure } from '../figures.ts';

const [width, height] = [440, 24];

/** A bar for each row; its label on the left, its value on the right. */
export function drawBars({ title = '', rows, most }: BarsFigure): string {
  const heading = titleOf(title, width);
  const longest = most ?? Math.max(1e-12, ...rows.map(({ value }) => Math.abs(value)));
  const left = 20 + Math.max(...rows.map(({ label }) => textWidth(label)));
  const right = width - 20 - Math.max(...rows.map(({ text }) => textWidth(text)));
  const parts = rows.map(({ label, value, text, marked = false }, k) => {
    const y = heading.bottom + k * height;
    const length = Math.min(1, Math.abs(value) / longest) * (right - left);
    return `<text x="${left - 8}" y="${y + 16}" text-anchor="end">${escapeXml(label)}</text><rect class="grid" x="${left}" y="${y + 5}" width="${right - left}" height="14"/><rect class="${value < 0 || marked ? 'warm' : 'w'}" x="${left}" y="${y + 5}" width="${round(length)}" height="14"/><text class="${marked ? '' : 'quiet'}" x="${right + 8}" y="${y + 16}">${escapeXml(text)}</text>`;
  });
  const label = title || rows.map((row) => `${row.label} ${row.text}`).join(', ');
  return image({ width, height: heading.bottom + rows.length * height + 8, label }, [heading.svg, ...parts]);
}
