// Where the features of a classifier of images lie. A file says what its nodes are and not what they are for, so every value's shape is found by running
// the network once, and the last map that still has places is the one before the classification head.

import { OptionError, suggest } from '../errors.ts';
import { noGrad } from '../tensor/autograd.ts';
import { zeros } from '../tensor/create.ts';
import { scope } from '../tensor/scope.ts';
import type { TensorShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { GraphModel } from './graph-model.ts';
import type { GraphSpec } from './spec.ts';

/** Which axis of images or of a feature map has the channels. */
export type ChannelAxis = 'channels-first' | 'channels-last';

/** A value of a graph that can serve as the features of an image. */
export interface FeatureLayer {
  /** The name of the value. */
  readonly name: string;
  /** The node that gives it. */
  readonly node: string;
  readonly channels: number;
  /** Rows and columns of the map; [1, 1] for a vector. */
  readonly mapSize: readonly [number, number];
  /** Where the channels of the map are; a vector has no places. */
  readonly layout: ChannelAxis | 'vector';
}

/** The last feature map of a network of images [B, 3, h, w] or [B, h, w, 3], or the value of the layer that is named. */
export function featureLayer(
  who: string,
  graph: GraphSpec,
  image: TensorShape,
  inputLayout: ChannelAxis,
  layer: string | null,
): FeatureLayer {
  const found = layersOf(graph, image, inputLayout);
  if (layer !== null) return named(who, graph, found, layer);
  const map = found.findLast(({ mapSize: [h, w] }) => h * w > 1);
  if (map) return map;
  const last = found.slice(-5).map(({ node }) => node);
  throw new OptionError(
    who,
    'layer',
    `the network has no feature map of several places; name the layer whose vector is to be read (its last ones are ${last.join(', ')})`,
  );
}

function named(who: string, graph: GraphSpec, found: readonly FeatureLayer[], layer: string): FeatureLayer {
  const is = (name: string) => name === layer || name.startsWith(`${layer}/`);
  const one = found.findLast(({ name, node }) => is(node) || name === layer);
  if (one) return one;
  const node = graph.nodes.find(({ name, outputs }) => is(name) || outputs.includes(layer));
  if (node)
    throw new OptionError(
      who,
      'layer',
      `${layer} gives neither a feature map [B, C, h, w] nor a vector [B, D] an image`,
    );
  const names = graph.nodes.map(({ name }) => name);
  throw new OptionError(who, 'layer', `the network has no layer ${layer}; ${suggest(layer, names)}`);
}

/** Every value that is a map or a vector for each image, in the order in which they are computed. */
function layersOf(graph: GraphSpec, image: TensorShape, inputLayout: ChannelAxis): FeatureLayer[] {
  const owners = new Map(
    graph.nodes.flatMap(({ name: node, outputs }) =>
      outputs.flatMap((value) => (value === null ? [] : [[value, node] as const])),
    ),
  );
  const outputs = Array.from(owners.keys(), (name) => ({ name, element: 'float' as const, shape: null }));
  const values = noGrad(() =>
    scope(() => {
      // Shapes do not depend on the weights, so these are zeros.
      const model = new GraphModel({ graph: { ...graph, outputs, states: [] } }).eval();
      const [{ name }] = graph.inputs;
      const given = model.forward({ [name]: zeros(image) });
      return Object.entries(given).flatMap(([value, { shape }]) =>
        given[value] instanceof Tensor ? [[value, shape] as const] : [],
      );
    }),
  );
  return values.flatMap(([name, shape]) => {
    const form = formOf(shape, image[0], inputLayout);
    return form ? [{ name, node: owners.get(name) as string, ...form }] : [];
  });
}

/** A value's places and channels. Images are square or nearly so, and so are maps: the axis that differs from the two others has the channels. */
function formOf(
  [batch, ...rest]: TensorShape,
  images: number,
  inputLayout: ChannelAxis,
): Pick<FeatureLayer, 'channels' | 'mapSize' | 'layout'> | null {
  if (batch !== images || rest.some((n) => n === 0)) return null;
  if (rest.length === 1) return { channels: rest[0], mapSize: [1, 1], layout: 'vector' };
  if (rest.length !== 3) return null;
  const [a, b, c] = rest;
  const layout = a === b && b !== c ? 'channels-last' : b === c && a !== b ? 'channels-first' : inputLayout;
  return layout === 'channels-first'
    ? { channels: a, mapSize: [b, c], layout }
    : { channels: c, mapSize: [a, b], layout };
}
