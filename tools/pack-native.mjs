// Lays out the addon of this machine as the package that the loader looks for first: build/npm/native-<platform>-<arch>, ready to publish.
// npm installs it only where `os`, `cpu` and `libc` fit, as an optional dependency of `unrolled`; nothing runs at install.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './kernel-sources.mjs';

const { version, license } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
const { platform, arch } = process;
const folder = join(packageRoot, 'build', 'npm', `native-${platform}-${arch}`);
const libc =
  platform === 'linux' ? { libc: [process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'] } : {};
mkdirSync(folder, { recursive: true });
copyFileSync(join(packageRoot, 'build', 'unrolled.node'), join(folder, 'unrolled.node'));
const description = `The compiled kernels of unrolled for ${platform}-${arch}`;
const manifest = {
  name: `@unrolled/native-${platform}-${arch}`,
  version,
  description,
  license,
  os: [platform],
  cpu: [arch],
  ...libc,
};
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ ...manifest, main: 'unrolled.node', files: ['unrolled.node'] }, null, 2)}\n`,
);
console.log(`native: ${manifest.name}@${version} in ${folder}`);
