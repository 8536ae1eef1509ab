// What the engine says about an opened run, and how large the states of its texts are.

import type { ImageContract, Pipeline } from 'unrolled/pipelines';
import type { EngineModel } from '../engine.ts';

/** Bytes of a state beside its numbers: names and sizes of tensors, hashes, position. */
const stateHeader = 8192;
/** Symbols that a graph reads again at every step, where it sets no limit. */
const longestWindow = 2 ** 18;

export function modelOf(id: string, pipeline: Pipeline, created: number): { model: EngineModel; stateBytes: number } {
  const { task, info, input, model } = pipeline;
  const stateBytes = stateBytesOf(pipeline);
  const config = model.config as { readonly hiddenSize?: number; readonly numLayers?: number; readonly cell?: string };
  const { hiddenSize, numLayers, cell } = Object(config) as typeof config;
  const about: Record<string, unknown> = {
    path: info.name,
    step: info.step,
    notice: info.notice,
    input,
    hiddenSize,
    numLayers,
    cell,
    stateBytes: stateBytes > 0 ? stateBytes - stateHeader : undefined,
    labels: 'labels' in pipeline ? pipeline.labels : undefined,
    features: 'features' in pipeline ? pipeline.features.names : undefined,
    answers: 'answers' in pipeline ? pipeline.answers : undefined,
    streams: 'streams' in pipeline ? pipeline.streams : undefined,
    inputs: 'inputs' in pipeline ? pipeline.inputs : undefined,
    outputs: 'outputs' in pipeline ? pipeline.outputs : undefined,
  };
  if (pipeline.task === 'text-generation') {
    const { vocabulary } = pipeline;
    about.vocabularySize = vocabulary.size;
    about.unit = (vocabulary as { readonly unit?: string }).unit;
  }
  let parameters = 0;
  for (const p of model.parameters()) parameters += p.size;
  const plain = JSON.parse(JSON.stringify(about)) as Record<string, unknown>;
  return { model: { id, task, created, hash: info.hash, parameters, info: plain }, stateBytes };
}

/** Bytes of a state at most; 0 for a model without states. */
function stateBytesOf(pipeline: Pipeline): number {
  if (info(pipeline).hash === '') return 0;
  if (pipeline.task === 'text-generation') {
    const batch = pipeline.batch({ rows: 1 });
    batch.add({ prompt: [0], maxTokens: 0, keepState: true });
    const [{ finish }] = batch.write();
    batch.close();
    const { graph } = pipeline.input;
    const window = graph ? 4 * (graph.length ?? longestWindow) : 0; // a graph without states keeps the symbols that it reads
    return (finish?.state?.length ?? 0) + window + stateHeader;
  }
  if (pipeline.task === 'token-classification' && pipeline.streams) {
    const session = pipeline.session();
    session.push(['']);
    const { length } = session.state();
    session.close();
    return length + stateHeader;
  }
  if (pipeline.task === 'video-classification' && pipeline.per === 'frame' && pipeline.streams) {
    let numbers = 0;
    const { height, width } = pipeline.input.image as ImageContract; // it streams, so it reads frames
    for (const { size } of pipeline.model.parameters()) numbers += size; // no state is wider than its weights
    return 4 * (Math.ceil(numbers) + 3 * height * width) + stateHeader;
  }
  return 0;
}

const info = (pipeline: Pipeline) => pipeline.info;
