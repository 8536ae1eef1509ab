// The surroundings in which PyTorch is quickest on this machine: found by trying, once a run, before it is timed against anyone.
//
// Debian's PyTorch has two thread pools, its own (libgomp) and OpenBLAS's, which get in each other's way where both spin on few cores; and
// OpenBLAS picks its kernels by a table of processors that may not know this one. Each setting is tried at a small and a large model; the one
// with the least product of the two times is taken.

import { existsSync } from 'node:fs';
import { works } from '../works.mjs';
import { Contender } from './contender.mjs';

/** Debian's libopenblas0-openmp, installed beside the other: its threads are PyTorch's own. */
const openmp = '/usr/lib/x86_64-linux-gnu/openblas-openmp';

const passive = { OMP_WAIT_POLICY: 'PASSIVE' };
const candidates = [
  {},
  passive,
  { OPENBLAS_CORETYPE: 'Haswell' },
  { OPENBLAS_CORETYPE: 'SkylakeX' },
  { ...passive, OPENBLAS_CORETYPE: 'Haswell' },
  { ...passive, OPENBLAS_CORETYPE: 'SkylakeX' },
  { OPENBLAS_NUM_THREADS: '1' },
];
const withOpenmp = ['', 'Haswell', 'SkylakeX'].map((core) => ({
  LD_LIBRARY_PATH: openmp,
  ...(core ? { OPENBLAS_CORETYPE: core } : {}),
}));

const trials = ['charlm-lstm-128', 'charlm-lstm-512'];
const found = new Map();

/** Environment variables for this PyTorch contender. */
export async function torchSettings(definition, had, log) {
  if (!found.has(definition.id)) found.set(definition.id, await tryAll(definition, had, log));
  return found.get(definition.id);
}

/** What was chosen, in words, for the report. */
export function describeTorch() {
  return [...found].map(([id, settings]) => `${id}: ${inWords(settings)}`);
}

async function tryAll(definition, had, log) {
  let best = { settings: {}, time: Infinity };
  for (const settings of [...candidates, ...(existsSync(openmp) ? withOpenmp : [])]) {
    let time = 1;
    for (const name of trials) time *= await quickest({ ...definition, environment: settings }, works[name], had);
    log(`${definition.id}: ${Math.sqrt(time).toFixed(1)} ms with ${inWords(settings)}`);
    if (time < best.time) best = { settings, time };
  }
  return best.settings;
}

/** Milliseconds of its quickest step within a second; Infinity where it doesn't run. */
async function quickest(definition, work, had) {
  const contender = new Contender(definition, { ...work, checkSteps: 1 }, had);
  try {
    await contender.ready();
    const { samples } = await contender.round(1);
    return Math.min(...samples);
  } catch {
    return Infinity;
  } finally {
    contender.stop();
  }
}

const inWords = (settings) =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ') || 'nothing set';
