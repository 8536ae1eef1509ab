// What reads the images of a model: a ConvNet, which is trained with it, or a pretrained network of another system. Models know both by this interface, so that
// who has no pretrained network bundles none of the ops that one may have.

import { requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';
import type { GraphEncoderConfig } from '../graph/graph-encoder.ts';
import { Module } from '../nn/module.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ConvNet, type ConvNetConfig, type ConvNetOptions } from './conv-net.ts';

/** A network from images [B, C, h, w] to a map of features and one vector: a `ConvNet`, or a `GraphEncoder` of `unrolled/graph`. */
export interface ImageEncoder extends Module {
  readonly config: ConvNetConfig | GraphEncoderConfig;
  /** Channels of the map and of the pooled vector. */
  readonly outChannels: number;
  /** Height and width of the map. */
  readonly mapSize: readonly [number, number];
  /** Images [B, C, h, w] → map [B, C', h', w'] and its mean over all places, pooled [B, C']. */
  forward(x: Tensor): { readonly map: Tensor; readonly pooled: Tensor };
  /** A map as rows for attention, place by place: [B, h'·w', C']. */
  regions(map: Tensor): Tensor;
}

/** An encoder as configurations have it. */
export type ImageEncoderConfig = ConvNetOptions | GraphEncoderConfig;

/** Whether a configuration is that of a pretrained network. */
export function isPretrained(encoder: unknown): encoder is GraphEncoderConfig {
  return typeof encoder === 'object' && encoder !== null && 'graph' in encoder;
}

/** The network of a model: a ConvNet of these options, or the one that was given. `option`: what the model calls it. */
export function imageEncoderOf(who: string, option: string, given: ImageEncoderConfig | ImageEncoder): ImageEncoder {
  if (given instanceof Module) {
    const { config, forward } = given as Partial<ImageEncoder>;
    requireKinds(who, { [option]: { config, forward } }, { [option]: { config: 'object', forward: 'function' } });
    return given;
  }
  if (!isPretrained(given)) return new ConvNet(given);
  throw new OptionError(
    who,
    option,
    'describes a pretrained network; give the network itself, new GraphEncoder(options) of unrolled/graph',
  );
}

/** What stands in the configuration of a model for its encoder. */
export function encoderConfig(given: ImageEncoderConfig | ImageEncoder): ImageEncoderConfig {
  return given instanceof Module ? (given as ImageEncoder).config : given;
}
