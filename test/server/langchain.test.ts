// LangChain's models and embeddings against the server. It asks for usage in every stream, and sends prompts as lists.
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { expect, test } from 'vitest';
import { served } from './served.ts';

const at = served(['text-lstm']);
/** The content of a message, which is a text here. */
const textOf = ({ content }: { readonly content: unknown }) => (typeof content === 'string' ? content : '');
const shared = () => ({
  model: 'text-lstm',
  apiKey: 'none',
  maxRetries: 0,
  maxTokens: 20,
  configuration: { baseURL: `${at.url}/v1` },
});

test('ChatOpenAI answers, streams and answers several at a time', async () => {
  const chat = new ChatOpenAI({ ...shared(), temperature: 0 });
  const answer = await chat.invoke('the ');
  expect(textOf(answer).length).toBe(20);
  expect(answer.usage_metadata).toMatchObject({ input_tokens: 4, output_tokens: 20, total_tokens: 24 });
  let text = '';
  let usage: unknown;
  for await (const chunk of await chat.stream('the ')) {
    text += textOf(chunk);
    usage = chunk.usage_metadata ?? usage;
  }
  expect(text).toBe(answer.content);
  expect(usage).toMatchObject({ output_tokens: 20 });
  const both = await chat.batch(['the ', 'a ']);
  expect(both.map((one) => textOf(one).length)).toEqual([20, 20]);
  expect(both[0].content).toBe(answer.content);
});

test('OpenAI continues three prompts, each as if it were alone', async () => {
  const writer = new OpenAI({ ...shared(), temperature: 0, n: 1 });
  const prompts = ['the ', 'a ', 'rain '];
  const { generations, llmOutput } = await writer.generate(prompts);
  const texts = generations.map(([one]) => one.text);
  const alone = await Promise.all(prompts.map((prompt) => writer.invoke(prompt)));
  expect(texts).toEqual(alone);
  expect(llmOutput?.tokenUsage).toMatchObject({ completionTokens: 60 });
  let streamed = '';
  for await (const piece of await writer.stream('the ')) streamed += piece;
  expect(streamed).toBe(texts[0]);
});

test('OpenAIEmbeddings embeds documents and queries', async () => {
  const embeddings = new OpenAIEmbeddings({ ...shared() });
  const documents = await embeddings.embedDocuments(['the dog', 'a cat']);
  expect(documents.map(({ length }) => length)).toEqual([12, 12]);
  expect(await embeddings.embedQuery('the dog')).toEqual(documents[0]);
});
