// A run served over HTTP. A server does not list its files, so the run folder's `index.json` lists them with their sizes and
// SHA-256; it is written at every save.

import { host, type UrlLike } from '../host.ts';
import { RunError } from '../run-error.ts';
import { checkPath, checkSize, missing, mostJson, parseJson, type RunFiles, runFiles } from '../run-files.ts';

export function urlFiles(url: string | UrlLike): RunFiles {
  const { href } = typeof url === 'string' ? new host.URL(url, host.location?.href) : url;
  const [address, query = ''] = href.split(/(?=\?)/);
  const base = address.endsWith('/') ? address : `${address.replace(/\/(config|index)\.json$/, '')}/`;
  const name = base.slice(0, -1);
  let sizes: Promise<ReadonlyMap<string, number>> | undefined;
  return runFiles(name, async (path, most = mostJson) => {
    if (path === 'index.json') return read(path, Math.min(most, mostJson));
    sizes ??= sizesOf(await read('index.json', mostJson), `${name}/index.json`);
    const size = (await sizes).get(path);
    if (size === undefined) throw missing(`${name}/${path}`);
    checkSize(`${name}/${path}`, size, most);
    return read(path, size);
  });

  async function read(path: string, most: number): Promise<Uint8Array> {
    const source = `${name}/${path}`;
    if (!host.fetch) throw new RunError('missing', source, 'this host has no fetch');
    const response = await host.fetch(base + checkPath(name, path) + query).catch((cause: unknown) => {
      throw new RunError('missing', source, `could not be fetched (${(cause as Error).message})`, { cause });
    });
    if (response.status === 404) throw path === 'index.json' ? withoutIndex(source) : missing(source);
    if (!response.ok) throw new RunError('missing', source, `the server answered with status ${response.status}`);
    const encoded = response.headers.get('content-encoding');
    const declared = Number(response.headers.get('content-length') ?? 0);
    if (!encoded || encoded === 'identity') checkSize(source, declared, most);
    if (!response.body) return limited(source, new Uint8Array(await response.arrayBuffer()), most);
    const reader = response.body.getReader();
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (!next.value) continue;
      parts.push(next.value);
      length += next.value.length;
      if (length <= most) continue;
      await reader.cancel();
      checkSize(source, length, most);
    }
    return joined(parts, length);
  }
}

function limited(source: string, bytes: Uint8Array, most: number): Uint8Array {
  checkSize(source, bytes.length, most);
  return bytes;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function sizesOf(bytes: Uint8Array, source: string): Promise<ReadonlyMap<string, number>> {
  const { files } = Object(parseJson(bytes, source)) as { files?: Record<string, { bytes?: unknown }> };
  if (typeof files !== 'object' || files === null)
    throw new RunError('corrupt', source, 'is not the index of a run: it has no list of files');
  return new Map(
    Object.entries(files).map(([path, entry]) => {
      const size = Object(entry).bytes as unknown;
      if (Number.isSafeInteger(size) && (size as number) >= 0) return [path, size as number];
      throw new RunError('corrupt', source, `does not say how long ${path} is`);
    }),
  );
}

function withoutIndex(source: string): RunError {
  return new RunError(
    'missing',
    source,
    'is not there, and a server does not list its files. Runs of older versions have no index: open the run folder for writing once with this version (continue the run, or run eval on it), or serve it as a zip',
  );
}
