// Looking inside from the command line: checks before training, looks while it goes on, and that neither changes a bit of the run.

import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess as unrolled, workFolder } from './in-process.ts';

const at = workFolder('inspect');

const small = ['--hidden', '12', '--batch', '4', '--seq-length', '20', '--steps', '210', '--dropout', '0.2'];
const train = (out: string, ...more: string[]) =>
  unrolled('train', 'text', 'text.txt', '--out', out, ...small, ...more);

beforeAll(async () => {
  writeFileSync(at('text.txt'), 'the cat (a black one) sat on the mat.\n"Now," it said, "I sit."\n'.repeat(60));
  const { code, err } = await train('run', '--no-check');
  if (code !== 0) throw new Error(err);
});

describe('train', () => {
  test('checks the network first, and says so in a line', async () => {
    const { code, err } = await train('checked', '--steps', '3');
    expect(code).toBe(0);
    expect(err).toContain('checks  ✓ causal  ✓ batch rows  ✓ state  ✓ initial loss  ✓ gradients  ✓ overfits one batch');
  });

  test('a check that fails says what it means, and training goes on', async () => {
    const { code, err } = await train('narrow', '--steps', '3', '--cell', 'rnn', '--embedding', '1', '--hidden', '1');
    expect(code).toBe(0);
    expect(err).toContain('✗ initial loss');
    expect(err).toMatch(/Failed: the loss at the start is near ln \d+ .* this one is confident and wrong/);
  });

  test('tied weights are drawn so that they start well', async () => {
    const { code, err } = await train('tied', '--steps', '3', '--tie-weights', '--hidden', '64');
    expect(code).toBe(0);
    expect(err).toContain('✓ initial loss');
  });

  test('a run that goes on is not checked again', async () => {
    await train('twice', '--steps', '5');
    expect((await train('twice', '--steps', '5')).err).not.toContain('overfits one batch');
  });

  test('--inspect looks every 100 steps, and neither it nor the checks change a bit', async () => {
    const { code, err } = await train('looked', '--inspect');
    expect(code).toBe(0);
    expect(err).toMatch(/step 100: gradient a step back: l0 h ×[\d.]+.* gates shut\/open: l0 r \d+\/\d+ %/);
    const weights = (run: string) => readFileSync(at(`${run}/model.safetensors`));
    expect(weights('looked').equals(weights('run'))).toBe(true);
    const lines = readFileSync(at('looked/metrics.jsonl'), 'utf8').trim().split('\n');
    const looks = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === 'look');
    expect(looks[0]).toMatchObject({
      step: 100,
      findings: {
        steps: 20,
        flow: [{ layer: 'l0', of: 'h', factor: expect.any(Number) }],
        gates: [
          { layer: 'l0', gate: 'r' },
          { layer: 'l0', gate: 'z', shut: expect.any(Number), open: expect.any(Number) },
        ],
      },
    });
    expect(looks[0].findings.parameters.map(({ name }: { name: string }) => name)).toContain('recurrent.weight_hh_l0');
  });
});

describe('inspect', () => {
  test('prints every section in the terminal: a title, what is seen, and sentences', async () => {
    const { code, out } = await unrolled('inspect', 'run', '-q', '--length', '600');
    expect(code).toBe(0);
    for (const title of [
      'Training',
      'Interpretable units',
      'Gates',
      'Memory',
      'Gradient through time',
      'Spectrum',
      'Truncation',
      'Clipping',
      'Check your network',
    ])
      expect(out).toMatch(new RegExp(`^${title}$`, 'm'));
    expect(out).toContain('position in the line');
    expect(out).toContain('bracket depth');
    expect(out).toMatch(/· Held at its mean, unit \d+ of l\d takes the loss from/);
    expect(out).toMatch(/✓ {2}the loss at the start is near ln \d+/);
  });

  test('--section and --json give one section as data', async () => {
    const { code, out } = await unrolled('inspect', 'run', '--section', 'gates', '--json', '--length', '200');
    expect(code).toBe(0);
    const { sections, run } = JSON.parse(out);
    expect(run).toBe('run');
    expect(Object.keys(sections)).toEqual(['gates']);
    expect(sections.gates.data[0]).toMatchObject({ layer: 'l0', gate: 'r' });
    expect(sections.gates.data[0].left.length).toBe(12);
  });

  test('--label searches for units that follow a pattern of your own, --text on a text of your own', async () => {
    writeFileSync(at('other.txt'), 'the mat (a cat) sat.\n'.repeat(40));
    const { code, out } = await unrolled(
      'inspect',
      'run',
      '-q',
      '--section',
      'cells',
      '--text',
      'other.txt',
      '--label',
      'animal=cat',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^. +animal +l0 h\[\d+\]/m);
  });

  test('what is asked wrongly is refused with what there is', async () => {
    expect(await unrolled('inspect', 'run', '--section', 'cell')).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no cell; did you mean cells?'),
    });
    expect(await unrolled('inspect', 'run', '--section', 'cells', '--label', 'x')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--label: expected name=pattern, got x'),
    });
    expect((await unrolled('inspect', 'run', '--section', 'cells', '--label', 'x=(')).code).toBe(2);
  });

  test('--html writes one file that asks for nothing else', async () => {
    expect((await unrolled('inspect', 'run', '-q', '--html', 'report.html', '--length', '400')).code).toBe(0);
    const page = readFileSync(at('report.html'), 'utf8');
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page).not.toMatch(/(?:src|href)="(?!data:|#)/);
    expect(page).not.toMatch(/@import|url\(/);
    for (const id of [
      'summary',
      'training',
      'cells',
      'gates',
      'memory',
      'gradients',
      'spectrum',
      'truncation',
      'clipping',
      'checks',
    ])
      expect(page).toContain(`<section id="${id}">`);
    expect(page.match(/<svg /g)?.length).toBeGreaterThanOrEqual(7);
  });

  test('a classifier has the sections that make sense for it', async () => {
    const options = ['--hidden', '8', '--steps', '20', '--batch', '16'];
    expect((await unrolled('train', 'classify', '--demo', 'sentiment', '--out', 'moods', ...options, '-q')).code).toBe(
      0,
    );
    const { code, out } = await unrolled('inspect', 'moods', '--json', '--length', '300');
    expect(code).toBe(0);
    const { sections } = JSON.parse(out);
    expect(Object.keys(sections)).toEqual([
      'training',
      'cells',
      'gates',
      'gradients',
      'spectrum',
      'clipping',
      'checks',
    ]);
    expect(sections.cells.data.ablations.every((a: unknown) => a === null)).toBe(true);
  });

  test('a forecaster has those that ask nothing of a text', async () => {
    const options = ['--hidden', '8', '--steps', '20', '--length', '12', '--horizon', '3', '-q'];
    expect((await unrolled('train', 'forecast', '--demo', 'sines', '--out', 'waves', ...options)).code).toBe(0);
    const { code, out, err } = await unrolled('inspect', 'waves', '--json', '--html', 'waves.html');
    expect(err).not.toContain('failed');
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(out).sections)).toEqual(['training', 'gradients', 'spectrum', 'clipping', 'checks']);
  });

  test('a tagger and a translator have those that make sense for them', async () => {
    const options = ['--demo', 'dates', '--hidden', '8', '--steps', '10', '--batch', '8', '-q'];
    const sections = async (run: string, ...more: string[]) => {
      const { code, out, err } = await unrolled('inspect', run, '--json', ...more);
      if (code !== 0) throw new Error(err);
      return Object.keys(JSON.parse(out).sections);
    };
    expect(await unrolled('train', 'translate', '--out', 'dates', ...options)).toMatchObject({ code: 0 });
    expect(await sections('dates')).toEqual(['gradients', 'spectrum', 'clipping', 'checks']);
    expect(await unrolled('train', 'tag', '--out', 'tags', ...options, '--demo', 'brackets')).toMatchObject({
      code: 0,
    });
    expect(await sections('tags', '--length', '200')).toEqual([
      'cells',
      'gates',
      'gradients',
      'spectrum',
      'clipping',
      'checks',
    ]);
  });
});
