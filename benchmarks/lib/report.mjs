// Medians with their spread, as a table that reads in a terminal and in Markdown.

export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.ceil(at)] - sorted[low]) * (at - low);
}

/** Median of the rounds' medians, and the rounds' range as ± percent of it. Fewer than three rounds have no range worth the name: null. */
export function summarize(rounds) {
  const medians = rounds.map((samples) => quantile(samples, 0.5));
  const median = quantile(medians, 0.5);
  return {
    median,
    least: Math.min(...rounds.flat()),
    spread: medians.length < 3 ? null : ((Math.max(...medians) - Math.min(...medians)) / 2 / median) * 100,
  };
}

const three = (value) =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3).replace(/e\+?0*$/, '');

/** Columns in which no row has anything are left out. */
export function table(headings, rows) {
  const used = headings.map((_, column) => rows.some((row) => row[column] !== ''));
  const all = [headings, ...rows].map((row) => row.filter((_, column) => used[column]));
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(all[0]), rule, ...all.slice(1).map(line)].join('\n');
}

/** One work's table, quickest first; those left out are named below it with the reason. */
export function workTable({ name, work, results }) {
  const timed = results.filter((result) => result.median !== undefined).sort((a, b) => a.median - b.median);
  const rows = timed.map((result) => [
    result.label,
    three(result.median),
    result.spread === null ? '–' : `± ${result.spread.toFixed(0)} %`,
    work.items ? three((work.items * 1000) / result.median) : '',
    work.gflop ? three((work.gflop * 1000) / result.median) : '',
    `${(result.median / timed[0].median).toFixed(2)}×`,
    result.firstMs === undefined ? '' : three(result.firstMs),
    result.peakRss === undefined ? '' : three(result.peakRss / 1e6),
  ]);
  const sizes = ['cell', 'V', 'I', 'H', 'L', 'B', 'T']
    .filter((key) => work[key] !== undefined)
    .map((key) => `${key}=${work[key]}`);
  const headings = ['', 'ms', 'spread', work.unit ?? '', 'GFLOP/s', 'time', 'first, ms', 'peak MB'];
  const out = results
    .filter((result) => result.median === undefined)
    .map((result) => `- ${result.label}: ${result.reason}`);
  return [
    `### ${name}`,
    sizes.join(' '),
    '',
    table(headings, rows),
    ...(out.length ? ['', 'Not timed:', ...out] : []),
    '',
  ].join('\n');
}

/** `chosen` says in which surroundings rivals ran. */
export function document(machine, peaks, chosen, sections) {
  const words = `${machine.cpu}, ${machine.cores} CPUs, ${machine.simd}, ${machine.memoryGB} GB, ${machine.system}, Node ${machine.node}; load ${machine.load} at the start`;
  const peak = peaks
    ? [
        `Measured FMA peak, GFLOP/s, 1 and 2 threads: 128-bit ${peaks[128][1]} and ${peaks[128][2]}, 256-bit ${peaks[256][1]} and ${peaks[256][2]}.`,
        '',
      ]
    : [];
  const settings = chosen.length > 0 ? [`Chosen as the quickest here: ${chosen.join('; ')}.`, ''] : [];
  return ['## Benchmarks', '', words, '', ...peak, ...settings, ...sections].join('\n');
}
