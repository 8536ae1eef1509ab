// The engine of a server whose runs are still being opened: it has no models and takes nothing.

import { type Engine, EngineError } from './engine.ts';

const waiting = () =>
  new EngineError('draining', 'the runs are still being opened; try again later', { retryAfter: 1 });

async function* nothing(): AsyncGenerator<never, void> {
  yield Promise.reject(waiting());
}

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
