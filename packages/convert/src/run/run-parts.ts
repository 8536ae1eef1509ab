// A model that was read as a run: what stands in the files of its folder. Whoever writes them decides where; `openRun` opens the folder as any other.

import type { StateDict } from 'unrolled';
import { configVersion, writeModelPart } from 'unrolled/pipelines';
import type { Certificate } from '../certificate/certificate.ts';
import type { ImportedModel } from '../model/imported-model.ts';

/** The contents of a run folder. */
export interface RunParts {
  /** config.json */
  readonly config: Readonly<Record<string, unknown>>;
  /** Other files, `<name>.json` each: the vocabulary, the labels. */
  readonly contents: Readonly<Record<string, unknown>>;
  /** certificate.json */
  readonly certificate: Certificate;
  /** model.safetensors */
  readonly weights: StateDict;
}

/** The run of a network that reads and gives tensors by name. Throws a ConvertError for weights alone. */
export function tensorsRun(model: ImportedModel, certificate: Certificate): RunParts {
  const { graph } = model.requireNetwork();
  return {
    config: {
      format: 'unrolled run',
      version: configVersion,
      task: 'tensors',
      model: writeModelPart({ type: 'graph', config: { graph }, input: { kind: 'tensors' } }),
      data: { source: certificate.source.name, sha256: certificate.source.sha256 },
    },
    contents: {},
    certificate,
    weights: model.module().stateDict(),
  };
}
