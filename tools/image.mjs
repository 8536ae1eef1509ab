// Draws what a command shows on a terminal as an SVG: `node tools/image.mjs docs/images/start.svg 100 --lines 40 -- npm start`. The
// command runs under `script` (util-linux), so that it sees a terminal. `--lines 40` keeps the first and the last lines, with a gap between.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const escape = String.fromCharCode(27);
const tokens = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]|\\r|\\n|[^${escape}\\r\\n]+|${escape}`, 'g');

const [file, columns, ...rest] = process.argv.slice(2);
const command = rest.slice(rest.indexOf('--') + 1);
const most = rest[0] === '--lines' ? Number(rest[1]) : 60;
if (!file || !columns || command.length === 0) {
  console.error('node tools/image.mjs <file.svg> <columns> [--lines n] -- <command…>');
  process.exit(2);
}
const { stdout } = spawnSync('script', ['-qec', `stty cols ${columns} rows 50; ${command.join(' ')}`, '/dev/null'], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  // npm's own lines and its spinner are not part of the image
  env: {
    ...process.env,
    FORCE_COLOR: '1',
    TERM: 'xterm-256color',
    npm_config_loglevel: 'silent',
    npm_config_progress: 'false',
  },
});
mkdirSync(dirname(file), { recursive: true });
const prompt = [{ text: `$ ${command.join(' ')}`, style: new Set(['bold']) }];
writeFileSync(file, draw(shorten([prompt, ...screen(stdout)], most), Number(columns)));

/** The lines as they stand at the end, each a list of { text, style }. A line that was redrawn in place counts once, as it was last. */
function screen(text) {
  const lines = [[]];
  let style = new Set();
  for (const [token] of text.matchAll(tokens)) {
    const line = lines[lines.length - 1];
    if (token === '\n') lines.push([]);
    else if (token === '\x1b[K') line.length = 0;
    else if (token.endsWith('m') && token.startsWith('\x1b[')) style = restyle(style, token.slice(2, -1));
    else if (token !== '\r' && !token.startsWith('\x1b')) line.push({ text: token, style });
  }
  while (lines.length > 0 && lines[lines.length - 1].length === 0) lines.pop();
  return lines;
}

function restyle(style, codes) {
  const next = new Set(style);
  const names = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow', 34: 'blue', 35: 'magenta', 36: 'cyan' };
  for (const code of codes.split(';')) {
    if (code === '0' || code === '') next.clear();
    else if (code === '22') ['bold', 'dim'].forEach((s) => next.delete(s));
    else if (code === '39')
      Object.values(names)
        .slice(2)
        .forEach((s) => next.delete(s));
    else if (names[code]) next.add(names[code]);
  }
  return next;
}

function shorten(lines, count) {
  if (lines.length <= count) return lines;
  const head = Math.ceil((count - 1) * 0.55);
  return [
    ...lines.slice(0, head),
    [{ text: '  ⋮', style: new Set(['dim']) }],
    ...lines.slice(lines.length - (count - 1 - head)),
  ];
}

function draw(lines, width) {
  const [cell, height, pad] = [8.4, 19, 18];
  const colors = {
    red: '#ff7b72',
    green: '#7ee787',
    yellow: '#e3b341',
    blue: '#79c0ff',
    magenta: '#d2a8ff',
    cyan: '#76e3ea',
  };
  const quote = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const span = ({ text, style }) => {
    const color = Object.keys(colors).find((name) => style.has(name));
    const attributes = [
      color && `fill="${colors[color]}"`,
      style.has('bold') && 'font-weight="bold"',
      style.has('dim') && 'opacity="0.6"',
    ].filter(Boolean);
    return `<tspan${attributes.map((a) => ` ${a}`).join('')}>${quote(text)}</tspan>`;
  };
  const rows = lines.map(
    (line, i) => `<text x="${pad}" y="${pad + 14 + i * height}" xml:space="preserve">${line.map(span).join('')}</text>`,
  );
  const [w, h] = [Math.round(width * cell + 2 * pad), lines.length * height + 2 * pad];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`;
}
