import { hostileCalls } from '/tmp/wt/sizes/test/hostile/run.ts';
const [b, seed, n] = process.argv.slice(2);
const t = Date.now();
const o = await hostileCalls(b, Number(seed), Number(n));
console.log(JSON.stringify({ ...o, faults: o.faults.length, ms: Date.now() - t }));
const by = new Map<string, any[]>();
for (const f of o.faults) { const k = f.kind + ' ' + (f.kind==='crash' ? f.what.replace(/^\d+ /,'').split('(')[0] : f.call.split('(')[0]); by.set(k, [...(by.get(k) ?? []), f]); }
for (const [k, v] of [...by].sort()) console.log(k, v.length, (v[0].kind==='crash'?'':v[0].call.slice(0, 60)), "|", v[0].what.replaceAll('file:///tmp/wt/sizes/packages/unrolled/src/','').replace(/TypeError: |Cannot |properties of |\(reading.*?\)/g,"").slice(0, 130));
