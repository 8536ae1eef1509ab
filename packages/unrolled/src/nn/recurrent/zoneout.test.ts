// Zoneout against its definition, and recurrent dropout in every model: one mask for all steps, none in evaluation.

import { describe, expect, test } from 'vitest';
import { manualSeed } from '../../tensor/random-state.ts';
import { dropoutMask } from '../../tensor/ops/dropout.ts';
import { indices, tensor } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Captioner } from '../../models/captioner/captioner.ts';
import { captionBatch } from '../../models/captioner/batch.ts';
import { LanguageModel } from '../../models/language-model.ts';
import { type ModelConfig, modelOf } from '../../models/model-of.ts';
import { stepperOf } from '../../models/language-stepper.ts';
import { Seq2Seq, type PairLossOptions } from '../../models/seq2seq/seq2seq.ts';
import type { Module } from '../module.ts';
import { changeSteps, observeSteps } from './observe.ts';
import { GRU, LSTM } from './layers.ts';
import { LSTMCell, type LSTMState } from './lstm-cell.ts';
import { Recurrent } from './recurrent.ts';
import { ZoneoutCell } from './zoneout-cell.ts';

const [T, B, I, H] = [5, 3, 2, 4];
const wave = (...shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(1.7 * i * i + 0.3 * i + 1)),
    shape,
  );
const values = (t: Tensor) => Array.from(t.dataSync());

describe('zoneout', () => {
  test('in evaluation, each state is p of the one before and 1 − p of the cell’s', () => {
    manualSeed(1);
    const cell = new LSTMCell(I, H);
    const zoned = new ZoneoutCell(cell, 0.3).eval();
    const state = { h: wave(B, H), c: wave(B, H).mul(2) };
    const [[y, next], [, made]] = [zoned.step(wave(B, I), state), cell.step(wave(B, I), state)];
    for (const name of ['h', 'c'] as const) {
      const expected = made[name].mul(0.7).add(state[name].mul(0.3));
      values(next[name]).forEach((v, i) => expect(v).toBeCloseTo(values(expected)[i], 6));
    }
    expect(values(y)).toEqual(values(next.h));
  });

  test('in training, a number of the state is the one before or the cell’s, by a mask of its own at every step', () => {
    manualSeed(2);
    const layer = new LSTM(I, H, { zoneout: 0.5 });
    let kept = 0;
    const steps: { before: LSTMState; after: LSTMState }[] = [];
    observeSteps(
      ({ before, after }) => steps.push({ before, after } as (typeof steps)[0]),
      () => layer.forward(wave(40, B, I)),
    );
    const masks = steps.map(({ before, after }) => values(after.h).map((v, i) => v === values(before.h)[i]));
    for (const mask of masks.slice(1)) kept += mask.filter(Boolean).length;
    const all = 39 * B * H;
    expect(Math.abs(kept / all - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / all)); // four deviations
    expect(masks[3]).not.toEqual(masks[4]);
  });

  test('p near 1 keeps the first state, whatever is read', () => {
    const layer = new GRU(I, H, { zoneout: 1 - 1e-9 });
    const h0 = wave(1, B, H);
    const [y, hn] = layer.forward(wave(T, B, I), h0);
    expect(values(hn)).toEqual(values(h0));
    expect(values(y.select(0, 2))).toEqual(values(h0));
  });

  test('the counter decides the masks: from the same state of the generator the same outputs', () => {
    const layer = new GRU(I, H, { zoneout: 0.4 });
    const run = () => {
      manualSeed(9);
      return values(layer.forward(wave(T, B, I))[0]);
    };
    expect(run()).toEqual(run());
  });

  test('weights have the cell’s names, and go to a layer without', () => {
    const zoned = new LSTM(I, H, { numLayers: 2, bidirectional: true, zoneout: 0.1 });
    const plain = new LSTM(I, H, { numLayers: 2, bidirectional: true });
    expect([...zoned.stateDict().keys()]).toEqual([...plain.stateDict().keys()]);
    plain.loadStateDict(zoned.stateDict());
    zoned.eval();
    expect(String(zoned)).toContain('zoneout=0.1');
    const cells = zoned.cells.map((cell) => (cell as ZoneoutCell<LSTMState>).cell);
    expect(cells.every((cell) => cell instanceof LSTMCell && !cell.training)).toBe(true);
  });

  test('a stepper of a language model reads as its forward pass does', () => {
    manualSeed(3);
    const model = new LanguageModel(7, { cell: 'lstm', hiddenSize: 5, zoneout: 0.25 }).eval();
    const ids = [1, 4, 2, 6];
    const [logits] = model.forward(indices(ids, [4, 1]));
    const stepper = stepperOf(model);
    const last = ids.map((id) => Array.from(stepper.step(id))).at(-1) as number[];
    values(logits.select(0, 3)).forEach((v, i) => expect(last[i]).toBeCloseTo(v, 5));
    stepper.dispose();
  });

  test('what is no probability is refused', () => {
    expect(() => new GRU(I, H, { zoneout: 1.2 })).toThrow('GRU: zoneout');
    expect(() => new ZoneoutCell(new LSTMCell(I, H), -1)).toThrow('ZoneoutCell: p');
  });
});

describe('recurrent dropout', () => {
  const pairs = [
    [1, 4, 2],
    [3, 5, 5],
  ];
  const translators = {
    'with attention': new Seq2Seq({ sourceVocabulary: 6, targetVocabulary: 6, hiddenSize: H, recurrentDropout: 0.5 }),
    plain: new Seq2Seq({
      sourceVocabulary: 6,
      targetVocabulary: 6,
      hiddenSize: H,
      decoder: 'plain',
      bidirectional: false,
      recurrentDropout: 0.5,
    }),
  };

  /** The loss with the given draws. */
  function lossOf(model: Seq2Seq, seed: number, options: PairLossOptions = {}): number {
    manualSeed(seed);
    return model.loss(model.batch(pairs, pairs), options).itemSync();
  }

  test.each(Object.entries(translators))('a translator %s has it in training alone', (_name, model) => {
    model.train();
    expect(lossOf(model, 1)).toBe(lossOf(model, 1));
    expect(lossOf(model, 1)).not.toBe(lossOf(model, 2));
    model.eval();
    expect(lossOf(model, 1)).toBe(lossOf(model, 2));
    const { recurrentDropout: _, ...config } = model.config;
    const plain = new Seq2Seq(config).loadStateDict(model.stateDict()).eval();
    expect(lossOf(model, 1)).toBe(lossOf(plain, 1));
  });

  test('a decoder with attention reads h through one mask at every step', () => {
    const model = translators['with attention'].train();
    const masks: number[][] = [];
    manualSeed(4);
    const { source, sourceLengths } = model.batch(pairs, pairs);
    const { state, memory } = model.encode(source, sourceLengths);
    let now = state;
    for (let t = 0; t < 3; t++) {
      masks.push(values((now.masks as readonly Tensor[])[0]));
      now = model.decoder.step(model.embed(indices([1, 2])), now, memory).state;
    }
    expect(masks[1]).toEqual(masks[0]);
    expect(masks[2]).toEqual(masks[0]);
    expect(new Set(masks[0])).toEqual(new Set([0, 2]));
  });

  test('a step with a mask is the cell’s equation with it, in few ops', () => {
    manualSeed(5);
    const cell = new LSTMCell(I, H);
    const layer = new Recurrent(cell, { recurrentDropout: 0.5 });
    manualSeed(6);
    const [y] = layer.forward(wave(2, B, I));
    manualSeed(6);
    const mask = dropoutMask([B, H], 0.5, y);
    let state = cell.initialState(B);
    for (let t = 0; t < 2; t++) [, state] = cell.step(wave(2, B, I).select(0, t), state, mask);
    values(y.select(0, 1)).forEach((v, i) => expect(v).toBeCloseTo(values(state.h)[i], 5));
  });

  test.each(['soft', 'inject'] as const)('a captioner of form %s has it in training alone', (form) => {
    manualSeed(7);
    const model = new Captioner({ vocabularySize: 8, featureSize: 3, hiddenSize: H, form, recurrentDropout: 0.5 });
    const features = form === 'soft' ? wave(2, 4, 3) : wave(2, 3);
    const loss = (seed: number) => {
      manualSeed(seed);
      return model.loss(captionBatch(features, [[4, 5], [6]])).itemSync();
    };
    expect(loss(1)).toBe(loss(1));
    expect(loss(1)).not.toBe(loss(2));
    model.eval();
    expect(loss(1)).toBe(loss(2));
  });

  test('a layer that is held still step by step keeps its mask', () => {
    const layer = new GRU(I, H, { recurrentDropout: 0.5 });
    manualSeed(8);
    const fused = values(layer.forward(wave(T, B, I))[0]);
    manualSeed(8);
    const stepped = values(
      changeSteps(
        ({ after }) => after,
        () => layer.forward(wave(T, B, I))[0],
      ),
    );
    stepped.forEach((v, i) => expect(v).toBeCloseTo(fused[i], 5));
  });
});

describe('every model takes both', () => {
  const inside = { recurrentDropout: 0.3, zoneout: 0.1 };
  const sizes = { hiddenSize: H, ...inside };
  const convNet = { inChannels: 1, channels: [3], inputSize: [4, 4] as const };
  const configs: readonly ModelConfig[] = [
    { type: 'language-model', vocabularySize: 5, ...sizes },
    { type: 'sequence-classifier', vocabularySize: 5, classes: 2, ...sizes },
    { type: 'sequence-tagger', inputSize: 2, classes: 2, ...sizes },
    { type: 'seq2seq', sourceVocabulary: 5, targetVocabulary: 5, ...sizes },
    { type: 'captioner', vocabularySize: 5, featureSize: 3, ...sizes },
    { type: 'visual-qa', vocabularySize: 5, answers: 3, form: 'question-only', ...sizes },
    { type: 'video-classifier', convNet, classes: 2, ...sizes },
    { type: 'video-tagger', convNet, classes: 2, ...sizes },
    { type: 'forecaster', channels: 1, length: 4, horizon: 2, ...sizes },
    { type: 'memory-model', inputSize: 2, outputSize: 1, ...sizes },
  ];

  /** The recurrent layers of a model, wherever they are in it. */
  const layersOf = (module: Module): Recurrent<unknown>[] =>
    module instanceof Recurrent ? [module] : [...module.children()].flatMap(([, child]) => layersOf(child));

  test.each(configs.map((config) => [config.type, config] as const))('%s', (_type, config) => {
    const model = modelOf(config);
    expect(model.config).toMatchObject(inside);
    const layers = layersOf(model);
    expect(layers.length).toBeGreaterThan(0);
    for (const layer of layers) expect([layer.recurrentDropout, layer.zoneout]).toEqual([0.3, 0.1]);
    const { recurrentDropout: _, zoneout: _2, ...plain } = config as typeof inside & ModelConfig;
    expect(modelOf(plain as ModelConfig).config).not.toHaveProperty('zoneout');
    const wrong = { ...config, zoneout: 2 } as ModelConfig;
    expect(() => modelOf(wrong)).toThrow('zoneout: expected a probability');
  });

  test('a form without a recurrent layer refuses them', () => {
    const config = { type: 'visual-qa', vocabularySize: 5, answers: 3, form: 'map', convNet, ...sizes } as const;
    expect(() => modelOf(config)).toThrow('VisualQA: recurrentDropout: form map has no recurrent layer');
  });
});
