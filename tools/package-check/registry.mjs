// A registry of the packed packages, which sends npm on to its own registry for all others: `npx @unrolled/cli` as it will be once they are published.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';

/** Starts it. `upstream`: the address of npm's own, as `npm config get registry` says. */
export async function startRegistry(packed, upstream) {
  const files = new Map(Object.values(packed).map(({ file }) => [basename(file), readFileSync(file)]));
  let url = '';
  const document = ({ manifest, file }) => {
    const { name, version } = manifest;
    const bytes = files.get(basename(file));
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const dist = { tarball: `${url}tarballs/${basename(file)}`, integrity };
    const versions = { [version]: { ...manifest, dist } };
    return { name, 'dist-tags': { latest: version }, versions, time: { [version]: new Date(0).toISOString() } };
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, url).pathname.slice(1));
    const tarball = files.get(path.replace(/^tarballs\//, ''));
    if (tarball) response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(tarball);
    else if (packed[path])
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(document(packed[path])));
    else response.writeHead(307, { Location: new URL(request.url.slice(1), upstream).href }).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}/`;
  return { url, close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
}
