// The files of examples/deploy against what the command and the server have: flags, routes, variables, metrics. A cluster is not at hand; fields are
// checked by their names and places.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { commandsFor } from '../../packages/cli/src/commands.ts';
import { programOf } from '../../packages/cli/src/main.ts';
import { root } from '../snippets.ts';
import { handler } from './ask.ts';

const at = handler(['text-lstm']);
const text = (name: string) => readFileSync(join(root, 'examples/deploy', name), 'utf8');
const serving = await commandsFor('serve');
const flags = () => {
  const serve = programOf(serving, async () => {}).commands.find((one) => one.name() === 'serve');
  return serve?.options.map(({ long }) => long) ?? [];
};

/** Every flag of a command line of `serve` is one, and it names a run. */
function expectServes(args: readonly string[]): void {
  expect(args[0]).toBe('serve');
  expect(args[1]).toMatch(/^\/runs\//);
  const given = args.filter((arg) => arg.startsWith('--'));
  for (const flag of given) expect(flags()).toContain(flag);
  expect(args[args.indexOf('--host') + 1]).toBe('0.0.0.0');
}

test('the manifests of Kubernetes are four objects that belong together', async () => {
  const documents = parseAllDocuments(text('kubernetes/unrolled.yaml'));
  for (const { errors, warnings } of documents) expect([...errors, ...warnings]).toEqual([]);
  const objects = documents.map((one) => one.toJS() as any); // oxlint-disable-line typescript/no-explicit-any
  expect(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
    'apps/v1 Deployment',
    'v1 Service',
    'autoscaling/v2 HorizontalPodAutoscaler',
    'policy/v1 PodDisruptionBudget',
  ]);
  const [deployment, service, scaler, budget] = objects;
  const { metadata, spec: pod } = deployment.spec.template;
  const [container] = pod.containers;
  expect(deployment.spec.selector.matchLabels).toEqual(metadata.labels);
  expect(service.spec.selector).toEqual(metadata.labels);
  expect(budget.spec.selector.matchLabels).toEqual(metadata.labels);
  expect(service.spec.ports[0].targetPort).toBe(container.ports[0].name);
  expectServes(container.args);
  for (const { name } of container.volumeMounts)
    expect(pod.volumes.map((one: { name: string }) => one.name)).toContain(name);
  expect(container.env.map(({ name }: { name: string }) => name)).toEqual(['UNROLLED_API_KEY', 'UNROLLED_STATE_KEY']);
  // The grace is longer than the pause before the signal and the server's own ten seconds.
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(container.lifecycle.preStop.exec.command[1]) + 10);
  for (const probe of [container.readinessProbe, container.livenessProbe]) {
    expect(probe.httpGet.port).toBe('http');
    expect((await at.get(probe.httpGet.path, { host: '10.0.0.7:8080' })).status).toBe(200);
  }
  expect(scaler.spec.scaleTargetRef).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: deployment.metadata.name,
  });
  const metric = scaler.spec.metrics[0].pods.metric.name;
  const { text: metrics } = await at.get(metadata.annotations['prometheus.io/path']);
  expect(metrics).toContain(`# TYPE ${metric} gauge`);
  expect(parse(text('kubernetes/adapter-rule.yaml')).rules.custom[0].seriesQuery).toContain(metric);
});

test('the compose file serves the image of the Dockerfile behind a balancer', () => {
  const { services } = parse(text('compose.yaml')) as any; // oxlint-disable-line typescript/no-explicit-any
  expectServes(services.unrolled.command);
  expect(services.unrolled.build).toBe('.');
  expect(services.balancer.command.join(' ')).toContain('--to unrolled:8080');
  expect(services.balancer.ports).toEqual(['127.0.0.1:8080:8080']);
  expect(services.balancer.depends_on.unrolled.condition).toBe('service_healthy');
});

test('the Dockerfile installs from npm alone and runs the command as an ordinary user', () => {
  const lines = text('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const { bin } = JSON.parse(readFileSync(join(root, 'packages/cli/package.json'), 'utf8')) as {
    bin: { unrolled: string };
  };
  expect(lines[0]).toMatch(/^FROM node:\d+-slim$/);
  expect(lines.filter((line) => line.startsWith('COPY') || line.startsWith('ADD'))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('RUN')).join()).toContain('npm install --omit=dev');
  expect(lines.indexOf('USER node')).toBeLessThan(lines.findIndex((line) => line.startsWith('ENTRYPOINT')));
  expect(lines.find((line) => line.startsWith('ENTRYPOINT'))).toContain(
    `@unrolled/cli/${bin.unrolled.replace('./', '')}`,
  );
});
