// The machine, in words: ratios between contenders mean something anywhere, milliseconds only here.

import os from 'node:os';
import { readFileSync } from 'node:fs';

export function describeMachine() {
  const [cpu] = os.cpus();
  return {
    cpu: cpu.model.trim(),
    cores: os.cpus().length,
    simd: simd(),
    memoryGB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    load: Number(os.loadavg()[0].toFixed(2)),
  };
}

function simd() {
  if (os.arch() === 'arm64') return 'NEON';
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(/\s+/) ?? [];
    return ['avx512f', 'avx2', 'fma', 'sse4_2'].filter((flag) => flags.includes(flag)).join(' ');
  } catch {
    return 'unknown'; // not Linux
  }
}
