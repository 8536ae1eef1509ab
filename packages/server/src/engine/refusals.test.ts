// Requests that an engine cannot answer are refused before any work, each by its kind and in words that say what was expected.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineOf } from '../../../../test/server/served.ts';
import { problem, written } from '../../../../test/server/written.ts';
import { type Engine, EngineError } from './engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(['text-lstm', 'classify', 'tag']);
});
afterAll(() => engine.close());

describe('requests that cannot be answered', () => {
  const generate = (request: object) =>
    problem(written(engine.generate({ model: 'text-lstm', prompt: 'a', ...request })));

  const wrong: [object, string, string][] = [
    [{ model: 'text-lst' }, 'model', 'did you mean text-lstm?'],
    [{ model: 7 }, 'model', 'there is no model'],
    [{ model: 'classify' }, 'task', 'is of the task text-classification'],
    [{ prompt: 5 }, 'request', 'expected a text or a list of ids'],
    [{ prompt: [-1] }, 'request', 'expected ids'],
    [{ prompt: 'x'.repeat(300_000) }, 'request', 'at most 262144 characters'],
    [{ prompt: 'a'.repeat(70_000) }, 'request', 'at most 65536 tokens'],
    [{ maxTokens: 1e6 }, 'request', 'from 0 to 16384'],
    [{ maxTokens: 1.5 }, 'request', 'a whole number'],
    [{ temperature: -1 }, 'request', 'temperature'],
    [{ temperature: Number.NaN }, 'request', 'temperature'],
    [{ topK: -1 }, 'request', 'topK'],
    [{ topP: 2 }, 'request', 'topP'],
    [{ minP: '1' }, 'request', 'minP'],
    [{ seed: 0.5 }, 'request', 'seed'],
    [{ logprobs: 21 }, 'request', 'logprobs'],
    [{ stop: 'a' }, 'request', 'stop'],
    [{ stop: Array(17).fill('a') }, 'request', 'at most 16'],
    [{ stop: ['a'.repeat(257)] }, 'request', 'at most 256'],
    [{ stop: [1] }, 'request', 'stop'],
    [{ state: 'abc' }, 'request', 'expected bytes'],
    [{ wantState: 1 }, 'request', 'wantState'],
  ];

  test('of texts', async () => {
    for (const [request, kind, message] of wrong) {
      const error = await generate(request);
      expect(error).toBeInstanceOf(EngineError);
      expect([error.problem, error.message]).toEqual([kind, expect.stringContaining(message)]);
    }
  });

  test('topP 0 and unknown ids are the pipeline’s own mistakes, by name', async () => {
    expect(await generate({ topP: 0 })).toMatchObject({ name: 'OptionError', param: 'topP' });
    expect(await generate({ prompt: [999] })).toMatchObject({ name: 'OptionError', param: 'prompt' });
  });

  const call = (request: object) =>
    problem(engine.call({ model: 'classify', task: 'text-classification', inputs: ['a'], ...request }));

  const wrongCalls: [object, string, string][] = [
    [{ task: 'translation' }, 'task', 'text-classification'],
    [{ inputs: 'a' }, 'request', 'expected a list'],
    [{ inputs: Array(257).fill('a') }, 'request', 'at most 256 inputs'],
    [{ inputs: ['a'.repeat(262_145)] }, 'request', 'at most 262144 characters'],
    [{ inputs: [() => 1] }, 'request', 'a function is no data'],
    [{ inputs: [new Map()] }, 'request', 'a object is no data'],
    [{ inputs: [{ bytes: new Uint8Array(65 << 20) }] }, 'request', 'bytes in all'],
    [{ inputs: [[[[[[[[[[[[]]]]]]]]]]]] }, 'request', 'nested too deeply'],
    [{ inputs: [{ width: 1e5, height: 1e5, data: new Uint8Array(3) }] }, 'request', 'at most 40000000 pixels'],
    [{ inputs: [{ frames: Array(4097).fill(0) }] }, 'request', 'at most 4096 frames'],
    [{ options: { batchSize: 3 } }, 'request', 'batchSize'],
    [{ options: { signal: {} } }, 'request', 'signal'],
    [{ options: { beams: 1e9 } }, 'request', 'at most 64'],
    [{ options: { steps: 1e9 } }, 'request', 'at most 10000'],
    [{ options: 'x' }, 'request', 'expected an object'],
    [{ state: new Uint8Array(3) }, 'state', 'has no states'],
    [{ wantState: true, inputs: ['a', 'b'] }, 'request', 'expected one input'],
    [{ wantState: true }, 'state', 'has no states'],
  ];

  test('of tasks', async () => {
    for (const [request, kind, message] of wrongCalls) {
      const error = await call(request);
      expect([error.problem, error.message]).toEqual([kind, expect.stringContaining(message)]);
    }
  });

  test('of embeddings', async () => {
    const embed = (request: object) => problem(engine.embed({ model: 'text-lstm', input: ['a'], ...request }));
    expect(await embed({ input: 'a' })).toMatchObject({ problem: 'request', param: 'input' });
    expect(await embed({ pooling: 'max' })).toMatchObject({ problem: 'request', param: 'pooling' });
    expect(await embed({ input: Array(257).fill('') })).toMatchObject({ problem: 'request' });
    expect(await embed({ input: [[999]] })).toMatchObject({ name: 'OptionError' });
    expect(await embed({ model: 'tag' })).toMatchObject({ problem: 'task' });
  });
});
