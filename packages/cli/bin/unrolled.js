#!/usr/bin/env node
// An old Node would fail with a syntax error somewhere: say what is needed before anything else is loaded.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`unrolled needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(1);
}
const { main } = await import('../dist/bundle/unrolled.js');
await main(process.argv.slice(2));
