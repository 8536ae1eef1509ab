// compatcanary's probes against the server: those of what a recurrent model can do pass, the others are refused cleanly.
import { expect, test } from 'vitest';
import { served } from './served.ts';

interface Report {
  readonly results: readonly {
    readonly id: string;
    readonly status: string;
    readonly error?: { readonly httpStatus?: number };
  }[];
}

const at = served(['text-lstm']);

test('models, chats and their streams pass; tools and JSON are a clean 400', async () => {
  const name = 'compatcanary'; // it has no types
  const { scanEndpoint } = (await import(name)) as { scanEndpoint(options: object): Promise<Report> };
  const { results } = await scanEndpoint({ baseUrl: `${at.url}/v1`, model: 'text-lstm', timeoutMs: 5000 });
  const status = Object.fromEntries(results.map((one) => [one.id, one.status]));
  expect(status).toMatchObject({ 'models.list': 'pass', 'chat.basic': 'pass', 'chat.streaming': 'pass' });
  const failed = results.filter((one) => one.status === 'fail').map(({ id, error }) => [id, error?.httpStatus]);
  expect(Object.fromEntries(failed)).toEqual({
    'chat.tool_call': 400,
    'chat.structured_output': 400,
    'responses.basic': 404,
    'responses.streaming': 404,
  });
});
