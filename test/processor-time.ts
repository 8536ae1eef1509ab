/** Milliseconds of the processor that `body` takes; others on the machine do not count. */
export async function processorTime(body: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
