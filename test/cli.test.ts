// The command as a person or a program meets it: its output, its exit codes. Processes of their own where the process is what is tested.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors } from 'unrolled/io';
import { inProcess as unrolled, type Printed, workFolder } from './in-process.ts';
import { command } from './killed.ts';

const small = ['--hidden', '8', '--batch', '4', '--seq-length', '10', '--steps', '12'];

const at = workFolder('cli');

beforeAll(async () => {
  writeFileSync(at('text.txt'), 'the cat sat on the mat. 고양이가 앉았다 👩‍👩‍👧. '.repeat(60));
  const { code, err } = await unrolled('train', 'text', 'text.txt', '--out', 'run', ...small);
  if (code !== 0) throw new Error(err);
});

describe('train text', () => {
  test('says where the run is and what to type next, on standard error, and leaves standard output alone', async () => {
    const { code, out, err } = await unrolled('train', 'text', 'text.txt', '--out', 'shown', ...small);
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(err).toContain('best validation loss');
    expect(err).toContain('npx unrolled sample shown');
    expect(err).not.toContain('your own text'); // it was
    const demo = await unrolled('train', 'text', '--demo', '--out', 'demo', ...small);
    expect(demo.err).toContain('npx unrolled train text my.txt --minutes 5     your own text');
  });

  test('a process of its own writes to the same two outputs, and ends with the same exit codes', () => {
    const args = ['train', 'text', '-', '--out', 'piped', '--quiet', '--json', ...small];
    const child = spawnSync(process.execPath, [command, ...args], {
      cwd: at('.'),
      encoding: 'utf8',
      input: readFileSync(at('text.txt')),
    });
    expect(child).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(child.stdout)).toMatchObject({ run: 'piped', steps: 12 });
    const misspelt = spawnSync(process.execPath, [command, 'smaple', 'run'], { cwd: at('.'), encoding: 'utf8' });
    expect(misspelt).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('Did you mean sample?') });
  });

  test('--json leaves one object on standard output', async () => {
    const { code, out } = await unrolled('train', 'text', 'text.txt', '--out', 'json', '--json', ...small);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      run: 'json',
      steps: 12,
      reason: 'finished',
      validationLoss: expect.any(Number),
    });
    expect(out.trim().split('\n').length).toBe(1);
  });

  test("saves weights under PyTorch's names", () => {
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(at('run/model.safetensors'))));
    expect([...tensors.keys()].sort()).toEqual([
      'decoder.bias',
      'decoder.weight',
      'embedding.weight',
      'recurrent.bias_hh_l0',
      'recurrent.bias_ih_l0',
      'recurrent.weight_hh_l0',
      'recurrent.weight_ih_l0',
    ]);
  });

  test('a finished run that is started again says so and trains nothing', async () => {
    const before = readFileSync(at('run/model.safetensors'));
    const { code, err } = await unrolled('train', 'text', 'text.txt', '--out', 'run', ...small);
    expect(code).toBe(0);
    expect(err).toContain('this run is already finished');
    expect(readFileSync(at('run/model.safetensors')).equals(before)).toBe(true);
  });

  test('another run in the folder is refused, naming the first difference; --fresh replaces it', async () => {
    cpSync(at('run'), at('taken'), { recursive: true });
    const refused = await unrolled('train', 'text', 'text.txt', '--out', 'taken', ...small, '--hidden', '9');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      'holds another run (model.hiddenSize: 8 in the run, 9 asked for); choose another --out, or --fresh to begin anew',
    );
    expect(
      (await unrolled('train', 'text', 'text.txt', '--out', 'taken', '--fresh', ...small, '--hidden', '9')).code,
    ).toBe(0);
  });

  test('a configuration file sets options, flags win over it, and a misspelt name is refused', async () => {
    writeFileSync(at('settings.json'), JSON.stringify({ hidden: 5, 'seq-length': 7, batch: 3, steps: 4, cell: 'rnn' }));
    expect(
      (await unrolled('train', 'text', 'text.txt', '--out', 'configured', '--config', 'settings.json', '--hidden', '6'))
        .code,
    ).toBe(0);
    const { model, training } = JSON.parse(readFileSync(at('configured/config.json'), 'utf8'));
    expect([model.cell, model.hiddenSize, training.seqLength, training.batch]).toEqual(['rnn', 6, 7, 3]);
    writeFileSync(at('wrong.json'), JSON.stringify({ hiden: 5 }));
    expect(await unrolled('train', 'text', 'text.txt', '--config', 'wrong.json')).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean hidden?'),
    });
  });

  test('Ctrl-C saves and exits with 130, and the same command ends as if nothing had happened', async () => {
    const args = [
      'train',
      'text',
      'text.txt',
      '--seed',
      '4',
      ...small,
      '--steps',
      '3000',
      '--sample-every',
      '100000',
      '--eval-every',
      '1000',
    ];
    const child = spawn(process.execPath, [command, ...args, '--out', 'stopped', '--json'], {
      cwd: at('.'),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    while (!existsSync(at('stopped/config.json'))) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 150));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ reason: 'stopped' });
    expect(existsSync(at('stopped/lock'))).toBe(false);
    expect((await unrolled(...args, '--out', 'stopped')).code).toBe(0);
    expect((await unrolled(...args, '--out', 'straight')).code).toBe(0);
    expect(readFileSync(at('stopped/model.safetensors')).equals(readFileSync(at('straight/model.safetensors')))).toBe(
      true,
    );
  }, 60_000);

  test('the native and the WASM backend train the same weights wherever both fuse multiply and add', async () => {
    const train = (backend: string) =>
      unrolled('train', 'text', 'text.txt', '--out', backend, '--backend', backend, ...small);
    const [native, wasm] = [await train('native'), await train('wasm')];
    if (native.code !== 0 || wasm.code !== 0) return expect(native.err).toContain('native'); // no addon on this machine
    expect(readFileSync(at('native/model.safetensors')).equals(readFileSync(at('wasm/model.safetensors')))).toBe(true);
  });
});

describe('standard output', () => {
  test.skipIf(!existsSync('/dev/full'))(
    'a full disk behind it is a sentence and exit code 1, for every kind of output',
    () => {
      for (const args of ['lesson --json', '--help', 'sample run --max-tokens 20']) {
        const { status, stderr } = spawnSync('sh', ['-c', `"$0" "$1" ${args} > /dev/full`, process.execPath, command], {
          cwd: at('.'),
          encoding: 'utf8',
        });
        expect([args, status]).toEqual([args, 1]);
        expect(stderr.trim().split('\n')).toEqual([
          'standard output: cannot be written: the disk is full (ENOSPC); what was written of it so far is not whole',
        ]);
      }
    },
  );
});

describe('sample', () => {
  test('writes the prompt and as many characters as asked for, whole ones, the same for a seed', async () => {
    const draw = () => unrolled('sample', 'run', '--prompt', '고양', '--max-tokens', '40', '--seed', '3', '--json');
    const { code, out } = await draw();
    const { text, prompt } = JSON.parse(out);
    expect([code, prompt]).toEqual([0, '고양']);
    expect([...new Intl.Segmenter('ko', { granularity: 'grapheme' }).segment(text)].length).toBe(40);
    expect(JSON.parse((await draw()).out).text).toBe(text);
    expect(
      (await unrolled('sample', 'run', '--prompt', 'the ', '--max-tokens', '10', '--greedy')).out.startsWith('the '),
    ).toBe(true);
  });

  test.each(['float32', 'bfloat16', 'int8'])('draws with weights stored as %s', async (format) => {
    expect(await unrolled('sample', 'run', '--max-tokens', '20', '--seed', '1', '--weights', format)).toMatchObject({
      code: 0,
      err: '',
    });
  });
});

describe('eval', () => {
  test('measures the validation part, and another text, and what narrower weights cost', async () => {
    const own = JSON.parse((await unrolled('eval', 'run', '--json', '--weights', 'int8')).out);
    expect(own.loss).toBeGreaterThan(0);
    expect(own.bitsPerCharacter).toBeCloseTo(own.loss / Math.LN2, 10);
    expect(Math.abs(own.weights.cost)).toBeLessThan(0.1);
    writeFileSync(at('other.txt'), 'the mat sat on the cat. '.repeat(10));
    expect((await unrolled('eval', 'run', '--text', 'other.txt')).out).toContain('bits per character');
  });

  test('a text that has changed since is not measured by mistake', async () => {
    writeFileSync(at('changing.txt'), 'abc def. '.repeat(100));
    await unrolled('train', 'text', 'changing.txt', '--out', 'changing', ...small);
    writeFileSync(at('changing.txt'), 'abc def! '.repeat(100));
    expect(await unrolled('eval', 'changing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is not what this run was trained on any more; name other data with --text'),
    });
  });
});

describe('bad input: a clear error, nothing lost', () => {
  const cases: [string, () => Promise<Printed>, number, RegExp][] = [
    [
      'a file that is not there',
      () => unrolled('train', 'text', 'nowhere.txt'),
      2,
      /nowhere\.txt: there is no such file/,
    ],
    ['a folder for a text', () => unrolled('train', 'text', 'run'), 2, /run: is a folder/],
    ['no text at all', () => unrolled('train', 'text'), 2, /name a text/],
    ['a misspelt option', () => unrolled('train', 'text', 'text.txt', '--hiden', '3'), 2, /Did you mean --hidden\?/],
    ['a misspelt command', () => unrolled('smaple', 'run'), 2, /Did you mean sample\?/],
    [
      'a number that is none',
      () => unrolled('train', 'text', 'text.txt', '--hidden', 'big'),
      2,
      /--hidden: expected a whole number from 1 to 65536, got big/,
    ],
    [
      'a cell that is not there',
      () => unrolled('train', 'text', 'text.txt', '--cell', 'lstn'),
      2,
      /there is no lstn; did you mean lstm\?/,
    ],
    [
      'an empty text',
      async () => (writeFileSync(at('empty.txt'), ''), await unrolled('train', 'text', 'empty.txt')),
      1,
      /empty\.txt/,
    ],
    [
      'a text too short for the batch',
      async () => (
        writeFileSync(at('short.txt'), 'abcdefghij'.repeat(5)), await unrolled('train', 'text', 'short.txt')
      ),
      2,
      /^train text: --batch: 32 windows of 64 need a text of 2049 symbols, and the training part has 45; --batch 1 --seq-length 44 would fit/,
    ],
    [
      'a wrong encoding',
      async () => (
        writeFileSync(at('euc.txt'), Buffer.from([0xb0, 0xed, 0xbe, 0xe7, 0xc0, 0xcc, 0x0a])),
        await unrolled('train', 'text', 'euc.txt')
      ),
      1,
      /euc\.txt/,
    ],
    [
      'an unknown character in a prompt',
      () => unrolled('sample', 'run', '--prompt', 'the é'),
      1,
      /unknown symbol "é" at position 4/,
    ],
    ['a run that is not there', () => unrolled('sample', 'nowhere'), 1, /nowhere/],
    ['a folder that is no run', () => unrolled('sample', '.'), 1, /config\.json|no run/],
    [
      'a configuration that is no JSON',
      async () => (
        writeFileSync(at('broken.json'), '{"hidden": '),
        await unrolled('train', 'text', 'text.txt', '--config', 'broken.json')
      ),
      1,
      /broken\.json: is not JSON/,
    ],
    [
      'a temperature below 0',
      () => unrolled('sample', 'run', '--temperature', '-1'),
      2,
      /--temperature: expected a number from 0, got -1/,
    ],
  ];
  test.each(cases)('%s', async (_name, act, code, message) => {
    const result = await act();
    expect(result.err).toMatch(message);
    expect(result.code).toBe(code);
    expect(result.err).not.toMatch(/\n\s+at /); // no stack
  });

  test('with --json an error is an object too', async () => {
    const { code, out } = await unrolled('sample', 'nowhere', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).error).toMatchObject({
      code: expect.any(String),
      message: expect.stringContaining('nowhere'),
    });
  });

  test('a damaged newest checkpoint is passed over for the one before, and said', async () => {
    cpSync(at('run'), at('damaged'), { recursive: true });
    const newest = readdirSync(at('damaged/checkpoints')).sort().at(-1) as string;
    truncateSync(at(`damaged/checkpoints/${newest}/model.safetensors`), 100);
    const { code, err } = await unrolled('sample', 'damaged', '--checkpoint', 'last', '--max-tokens', '5');
    expect(code).toBe(0);
    expect(err).toMatch(/was taken instead/);
  });

  test('a run from a newer version is refused with what to do', async () => {
    cpSync(at('run'), at('newer'), { recursive: true });
    const config = JSON.parse(readFileSync(at('newer/config.json'), 'utf8'));
    writeFileSync(at('newer/config.json'), JSON.stringify({ ...config, version: 99 }));
    expect(await unrolled('sample', 'newer')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/version 99.*update/s),
    });
  });
});
