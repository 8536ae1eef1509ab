// The files of an exported network, read back with this package's readers: do they compute what the certificate says?

import { noGrad, scope } from 'unrolled';
import type { GraphModel } from 'unrolled/graph';
import { ConvertError } from './errors.ts';
import type { VectorArrays } from './export/export-model.ts';
import { verifyOutputs } from './export-model.ts';
import { certificateName } from './certificate/certificate.ts';
import { readModel } from './read-model.ts';
import { type VectorError, vectorArray, vectorValue } from './model/vectors.ts';

/**
 * Reads the networks among the files (`.keras`, and `.json` with its shards) and computes the certificate's vectors, each with the network that has its inputs.
 * Throws a ConvertError where the error is above the certificate's tolerance, and for a vector that none of the networks has the inputs of.
 */
export async function verifyNetworks(
  files: ReadonlyMap<string, Uint8Array>,
  certificate: unknown,
): Promise<VectorError> {
  const names = [...files.keys()].filter((name) => /\.(?:keras|json)$/.test(name) && name !== certificateName);
  const networks: GraphModel[] = [];
  for (const name of names) {
    const own = new Map([
      [name, files.get(name) as Uint8Array],
      ...[...files].filter(([other]) => other.endsWith('.bin')),
    ]);
    networks.push((await readModel(own)).module());
  }
  const source = names.join(', ');
  return verifyOutputs(certificate, async (inputs, outputs) => run(networks, inputs, outputs, source), source);
}

function run(
  networks: readonly GraphModel[],
  inputs: VectorArrays,
  outputs: readonly string[],
  source: string,
): VectorArrays {
  const given = Object.keys(inputs);
  const network = networks.find(
    ({ graph }) => graph.inputs.length === given.length && graph.inputs.every(({ name }) => given.includes(name)),
  );
  if (!network)
    throw new ConvertError(source, { where: 'test vectors', expected: `a network with the inputs ${given.join(', ')}`, got: 'none' }); // biome-ignore format: one thing
  const own = network.graph.outputs.map(({ name }) => name);
  const byName = outputs.every((name) => own.includes(name)); // some formats have outputs by their order alone
  return scope(() =>
    noGrad(() => {
      const values = Object.fromEntries(given.map((name) => [name, vectorValue(inputs[name])]));
      const found = network.forward(values);
      return Object.fromEntries(
        outputs.flatMap((name, k) => {
          const value = found[byName ? name : own[k]];
          return value === undefined ? [] : [[name, vectorArray(value)] as const];
        }),
      );
    }),
  );
}
