// A run as a zip file.

import { FormatError } from '../../errors.ts';
import { openZip } from '../../io/zip.ts';
import type { BlobLike } from '../host.ts';
import { RunError } from '../run-error.ts';
import { checkSize, missing, mostWeights, rootOf, type RunFiles, runFiles } from '../run-files.ts';

/** Opens a zip: its bytes, or a Blob or File of which only the needed parts are read. */
export async function zipFiles(zip: Uint8Array | BlobLike, name = 'zip'): Promise<RunFiles> {
  const archive = await openZip(zip, name, { mostBytes: 2 * mostWeights }).catch(damaged);
  const root = rootOf(name, archive.files.keys());
  return runFiles(
    name,
    async (path, most = mostWeights) => {
      const size = archive.files.get(root + path);
      if (size === undefined) throw missing(`${name}/${path}`);
      checkSize(`${name}/${path}`, size, most);
      return archive.bytes(root + path).catch(damaged);
    },
    async () =>
      [...archive.files.keys()].filter((path) => path.startsWith(root)).map((path) => path.slice(root.length)),
  );
}

function damaged(cause: unknown): never {
  if (!(cause instanceof FormatError)) throw cause;
  throw new RunError('corrupt', cause.source, cause.message.slice(`${cause.source}: `.length), { cause });
}
