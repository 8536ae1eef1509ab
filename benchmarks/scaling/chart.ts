// Panels side by side, both axes logarithmic, as an SVG that reads on a light page and on a dark one.

export interface Panel {
  readonly title: string;
  readonly note: string;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const colors = ['#0072b2', '#d55e00', '#777777', '#009e73', '#cc79a7'];
const [width, height] = [270, 230]; // of a panel's plot
const margin = { left: 58, right: 14, top: 84, bottom: 48 };

/** 1, 2 and 5 times each power of ten in [low, high]. */
function decimalTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of [1, 2, 5]) ticks.push(Number(`${digit}e${power}`));
  }
  return ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
}

/** The nearest of 1, 2, 5 · 10ᵏ below (or above) y. */
function rounded(y: number, up: boolean): number {
  const candidates = decimalTicks(y / 10, y * 10);
  return up ? candidates.find((c) => c >= y)! : candidates.findLast((c) => c <= y)!;
}

/** Every second one where there are many, so that labels keep apart. */
const thinned = (ticks: number[], most: number): number[] =>
  ticks.length <= most ? ticks : ticks.filter((tick) => tick.toExponential().startsWith('1'));

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function text(x: number, y: number, content: string, options = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${options}>${escaped(content)}</text>`;
}

function panel({ title, note, lines }: Panel, left: number): string {
  const all = lines.flatMap((line) => line.points);
  const [xLow, xHigh] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
  const yLow = rounded(Math.min(...all.map(([, y]) => y)), false);
  const yHigh = rounded(Math.max(...all.map(([, y]) => y)), true);
  const place = (v: number, low: number, high: number) => Math.log(v / low) / Math.log(high / low);
  const atX = (x: number) => left + place(x, xLow, xHigh) * width;
  const atY = (y: number) => margin.top + height - place(y, yLow, yHigh) * height;

  const out = [text(left, margin.top - 30, title, 'class="title"'), text(left, margin.top - 13, note, 'class="note"')];
  for (const y of thinned(decimalTicks(yLow, yHigh), 7)) {
    out.push(
      `<line x1="${left}" x2="${left + width}" y1="${atY(y).toFixed(1)}" y2="${atY(y).toFixed(1)}" class="grid"/>`,
    );
    out.push(text(left - 7, atY(y) + 4, y.toLocaleString('en', { maximumSignificantDigits: 3 }), 'text-anchor="end"'));
  }
  const sizes = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  for (const [i, x] of sizes.entries()) {
    const labeled = sizes.length <= 7 || i % 2 === (sizes.length - 1) % 2;
    const bottom = margin.top + height;
    out.push(
      `<line x1="${atX(x).toFixed(1)}" x2="${atX(x).toFixed(1)}" y1="${bottom}" y2="${bottom + 4}" class="axis"/>`,
    );
    if (labeled) out.push(text(atX(x), bottom + 19, String(x), 'text-anchor="middle"'));
  }
  out.push(`<path d="M${left} ${margin.top}v${height}h${width}" class="axis"/>`);
  for (const [i, { points }] of lines.entries()) {
    const color = colors[i % colors.length];
    const path = points.map(([x, y]) => `${atX(x).toFixed(1)},${atY(y).toFixed(1)}`);
    out.push(
      `<polyline points="${path.join(' ')}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"/>`,
    );
    for (const point of path) {
      const [x, y] = point.split(',');
      out.push(`<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`);
    }
  }
  return out.join('\n');
}

/** `labels` of all lines stand above; `unit` is what the vertical axes measure. */
export function chart(panels: readonly Panel[], unit: string): string {
  const step = margin.left + width + margin.right;
  const [w, h] = [step * panels.length + 10, margin.top + height + margin.bottom - 14];
  const labels = panels[0].lines.map((line) => line.label);
  let x = margin.left;
  const legend = labels.map((label, i) => {
    const at = x;
    x += 46 + label.length * 7;
    return `<rect x="${at}" y="19" width="20" height="4" rx="2" fill="${colors[i % colors.length]}"/>${text(at + 27, 26, label)}`;
  });
  legend.push(text(w - 20, 26, unit, 'text-anchor="end" class="note"'));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${escaped(unit)}: ${escaped(labels.join(', '))}">
<style>
text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #222 }
.title { font-weight: 600; font-size: 14px }
.note { fill: #666 }
.grid { stroke: #e4e4e4 }
.axis { stroke: #999; fill: none }
</style>
<rect width="${w}" height="${h}" rx="8" fill="#fff"/>
${legend.join('\n')}
${panels.map((each, i) => panel(each, i * step + margin.left)).join('\n')}
</svg>
`;
}
