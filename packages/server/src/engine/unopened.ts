// Engines without a model: of a server whose runs are still being opened, and of one that serves the studio alone.

import { type Engine, EngineError } from './engine.ts';

const waiting = () =>
  new EngineError('draining', 'the runs are still being opened; try again later', { retryAfter: 1 });

async function* nothing(): AsyncGenerator<never, void> {
  yield Promise.reject(waiting());
}

const noModel = () => new EngineError('model', 'this server has no models; name runs when it is started');

export const unopened: Engine = {
  models: () => [],
  generate: nothing,
  embed: () => Promise.reject(waiting()),
  call: () => Promise.reject(waiting()),
  stream: nothing,
  reload: async () => [],
  stats: () => ({ models: {}, workers: 0, restarts: 0, memory: 0 }),
  ready: () => false,
  drain: async () => {},
  close: async () => {},
};

export const withoutModels: Engine = {
  ...unopened,
  generate: noPieces,
  embed: () => Promise.reject(noModel()),
  call: () => Promise.reject(noModel()),
  stream: noPieces,
  ready: () => true,
};

async function* noPieces(): AsyncGenerator<never, void> {
  yield Promise.reject(noModel());
}
