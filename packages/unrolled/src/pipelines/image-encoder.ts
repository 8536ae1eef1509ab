// The pretrained network in a run of images. Its ops are loaded for the runs that have one, so that a page with another run does without them.

import type { GraphEncoderConfig } from '../graph/graph-encoder.ts';
import { isPretrained } from '../models/image-encoder.ts';
import type { OpenedRun } from './run.ts';

/** Puts the network in the place of its description; `option` is what the model calls it. */
export async function encoderOf({ part }: OpenedRun, option: 'encoder' | 'convNet'): Promise<<C>(config: C) => C> {
  const described: unknown = part.config[option];
  if (!isPretrained(described)) return (config) => config;
  const { GraphEncoder } = await import('../graph/graph-encoder.ts');
  return (config) => ({ ...config, [option]: new GraphEncoder(described satisfies GraphEncoderConfig) });
}
