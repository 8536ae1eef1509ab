// Publishes what `node tools/pack.mjs` packed, each package after those that it depends on: for a moment in between, npm must not find one without them.
// What is published already is left alone, so that a release which broke off can be started again.
//
//   node tools/publish.mjs build/npm --dry-run      says what would be published, and checks it
//   node tools/publish.mjs build/npm --tag v0.1.0   publishes; the tag must be that of the packages' version, and no machine's addon may be missing

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];

function run(command, args) {
  const shell = command === 'npm' && process.platform === 'win32';
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', shell, maxBuffer: 1 << 28 });
  return { ok: status === 0, stdout, stderr };
}

/** The packed packages of a folder, as { file, manifest }, each after what it depends on. */
export function packedIn(folder) {
  const packages = readdirSync(folder)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => {
      const file = join(folder, name);
      const { ok, stdout, stderr } = run('tar', ['-xOzf', file, 'package/package.json']);
      if (!ok) throw new Error(`${file}: ${stderr}`);
      return { file, manifest: JSON.parse(stdout) };
    });
  return inOrder(packages);
}

const needsOf = ({ dependencies, optionalDependencies }) => ({ ...dependencies, ...optionalDependencies });

export function inOrder(packages) {
  const [done, rest] = [[], new Map(packages.map((one) => [one.manifest.name, one]))];
  while (rest.size > 0) {
    const ready = [...rest.values()].filter(
      ({ manifest }) => !Object.keys(needsOf(manifest)).some((name) => rest.has(name)),
    );
    if (ready.length === 0) throw new Error(`${[...rest.keys()].join(', ')} depend on one another`);
    for (const one of ready) rest.delete(one.manifest.name);
    done.push(...ready);
  }
  return done;
}

/** What keeps these from being published; `tag` is that of the release, or null for a trial on one machine. */
export function problemsOf(packages, tag) {
  const all = packages.map(({ manifest }) => manifest);
  const versions = new Map(all.map(({ name, version }) => [name, version]));
  const isOurs = (name) => name === 'unrolled' || name.startsWith('@unrolled/');
  const problems = all.flatMap((manifest) => {
    const { name, version, private: isPrivate } = manifest;
    const missing = Object.entries({ ...needsOf(manifest), ...manifest.peerDependencies }).filter(
      ([need, range]) => isOurs(need) && versions.get(need) !== range && (tag !== null || !need.includes('/native-')),
    );
    return [
      ...(isPrivate ? [`${name} is private`] : []),
      ...(tag !== null && `v${version}` !== tag ? [`${name} is ${version}, and the tag is ${tag}`] : []),
      ...missing.map(([need, range]) => `${name} needs ${need} ${range}, and there is ${versions.get(need) ?? 'none'}`),
    ];
  });
  return versions.has('@unrolled/cli') ? problems : [...problems, 'there is no @unrolled/cli, which needs all others'];
}

function isPublished({ name, version }) {
  return run(npm[0], [...npm.slice(1), 'view', `${name}@${version}`, 'version']).stdout.trim() === version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, how, tag = null] = process.argv.slice(2);
  if (!folder || !(how === '--dry-run' || (how === '--tag' && tag)))
    throw new Error('expected a folder, and --dry-run or --tag v0.1.0');
  const packages = packedIn(folder);
  const problems = problemsOf(packages, tag);
  if (problems.length > 0) {
    console.error(`nothing is published:\n  ${problems.join('\n  ')}`);
    process.exit(1);
  }
  for (const { file, manifest } of packages) {
    const what = `${manifest.name}@${manifest.version}`;
    if (tag !== null && isPublished(manifest)) {
      console.log(`${what} is published already`);
      continue;
    }
    const flags = tag === null ? ['--dry-run'] : process.env.GITHUB_ACTIONS ? ['--provenance'] : []; // of a workflow alone
    const { ok, stderr } = run(npm[0], [...npm.slice(1), 'publish', file, '--access', 'public', ...flags]);
    if (!ok) throw new Error(`${what}: ${stderr}`);
    console.log(`${what}${tag === null ? ' would be' : ' is'} published`);
  }
}
