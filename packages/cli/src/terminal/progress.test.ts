import { describe, expect, test } from 'vitest';
import { plainProgress, ProgressLine, type Progress, renderProgress } from './progress.ts';
import { styleFor } from './style.ts';
import { stringWidth } from './width.ts';

const halfway: Progress = {
  done: 50,
  total: 100,
  loss: 1.75,
  more: ['2.52 bits/char'],
  rate: 145_300,
  counts: 'characters',
  secondsLeft: 72,
  losses: [4, 3, 2.5, 2.2, 2, 1.9, 1.8, 1.75],
};
const plain = styleFor({ write: () => true }, {});

/** A terminal that keeps what is written to it. */
function recorder(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe('renderProgress', () => {
  test('shows a bar, the numbers and the course of the loss', () => {
    expect(renderProgress(halfway, 110, plain)).toBe(
      '████████████············  50%  loss 1.750  2.52 bits/char  145k chars/s  1 min 12 s left  █▅▃▂▂▁▁▁',
    );
  });

  test('a narrow terminal loses the sparkline, then the bar, then numbers from the right', () => {
    expect(renderProgress(halfway, 80, plain)).toBe(
      '████████········  50%  loss 1.750  2.52 bits/char  145k chars/s  1 min 12 s left',
    );
    expect(renderProgress(halfway, 64, plain)).toBe(' 50%  loss 1.750  2.52 bits/char  145k chars/s  1 min 12 s left');
    expect(renderProgress(halfway, 20, plain)).toBe(' 50%  loss 1.750  2…');
  });

  test.each([1, 10, 40, 62, 63, 64, 70, 80, 100, 200])('never takes more than %i columns', (width) => {
    expect(stringWidth(renderProgress(halfway, width, plain))).toBeLessThanOrEqual(width);
    expect(
      stringWidth(renderProgress(halfway, width, styleFor({ isTTY: true, write: () => true }, {}))),
    ).toBeLessThanOrEqual(width);
  });

  test('an empty run is a full bar, and an unknown rest of time a dash', () => {
    const line = renderProgress({ ...halfway, done: 0, total: 0, secondsLeft: Infinity }, 100, plain);
    expect(line).toContain('100%');
    expect(line).toContain('– left');
  });
});

describe('ProgressLine', () => {
  test('redraws in place on a terminal, at most ten times a second, and always at the end', () => {
    const terminal = recorder(true);
    let time = 0;
    const line = new ProgressLine(terminal, { style: plain, now: () => time });
    line.update({ ...halfway, done: 1 });
    time = 50;
    line.update({ ...halfway, done: 2 });
    expect(terminal.written).toHaveLength(1);
    time = 101;
    line.update({ ...halfway, done: 3 });
    line.update({ ...halfway, done: 100 });
    expect(terminal.written).toHaveLength(3);
    for (const text of terminal.written) {
      expect(text.startsWith('\r\x1b[K')).toBe(true);
      expect(text).not.toContain('\n');
    }
    line.end();
    expect(terminal.written.at(-1)).toBe('\n');
  });

  test('other lines go above it', () => {
    const terminal = recorder(true);
    const line = new ProgressLine(terminal, { style: plain, now: () => 0 });
    line.update(halfway);
    line.print('a sample');
    expect(terminal.written.slice(1, 3)).toEqual(['\r\x1b[K', 'a sample\n']);
    expect(terminal.written[3]).toBe(terminal.written[0]);
  });

  test('in a file it is a plain line every ten seconds, without control codes', () => {
    const file = recorder(false);
    let time = 0;
    const line = new ProgressLine(file, { now: () => time });
    for (let done = 1; done <= 100; done++) {
      time += 250;
      line.update({ ...halfway, done });
    }
    line.print('done');
    line.end();
    expect(file.written).toEqual([
      ...[1, 41, 81, 100].map((done) => `${plainProgress({ ...halfway, done })}\n`),
      'done\n',
    ]);
    expect(plainProgress(halfway)).toBe('step 50/100  loss 1.750  2.52 bits/char  145k chars/s  1 min 12 s left');
  });
});
