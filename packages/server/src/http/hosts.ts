// Who may ask. A page on another site can make a browser send requests here: by its own script (Origin), or by a name of its own that it points at
// this machine (Host, "DNS rebinding"). Both are refused unless they are listed.

import { OptionError } from 'unrolled';
import { ApiError } from './api-error.ts';

/** The name in a Host header, without its port; null for what is none. */
export function hostName(header: string | null): string | null {
  if (header === null || header.length > 255) return null;
  const found = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header);
  return found ? found[1].toLowerCase().replace(/\.$/, '') : null;
}

/** Names that only this machine has, and addresses: no other site can be reached by them. */
function isHarmless(name: string): boolean {
  return (
    name === 'localhost' || name.endsWith('.localhost') || name.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(name)
  );
}

/** Throws an OptionError for hosts that are none. */
export function checkHosts(hosts: readonly string[]): void {
  for (const host of hosts)
    if (host !== '*' && hostName(host) !== host.toLowerCase())
      throw new OptionError(
        'createServer',
        'allowedHosts',
        `expected names without a port, such as example.com, got ${JSON.stringify(host)}`,
      );
}

/** Throws an ApiError 403 for a Host that is not allowed. */
export function requireHost(header: string | null, allowed: readonly string[]): void {
  if (allowed.includes('*')) return;
  const name = hostName(header);
  if (name !== null && (isHarmless(name) || allowed.some((host) => host.toLowerCase() === name))) return;
  throw new ApiError(
    403,
    'host_not_allowed',
    'this server does not answer under this Host; list it in allowedHosts (--allow-host)',
  );
}

/** Throws an OptionError for origins that are none, and for `*`: which sites may use this server is a decision about each. */
export function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    const isOrigin = /^https?:\/\/[^/\s*]+$/i.test(origin);
    if (!isOrigin)
      throw new OptionError(
        'createServer',
        'allowedOrigins',
        `expected origins such as https://example.com, got ${JSON.stringify(origin)}`,
      );
  }
}

/** Whether a request with this Origin may be answered, and be read by its page. Same origin: the host is the one that was asked. */
export function originOf(
  { headers }: { readonly headers: Headers },
  allowed: readonly string[],
): { readonly origin: string | null; readonly listed: boolean; readonly allowed: boolean } {
  const origin = headers.get('origin');
  if (origin === null) return { origin, listed: false, allowed: headers.get('sec-fetch-site') !== 'cross-site' };
  const listed = allowed.some((one) => one.toLowerCase() === origin.toLowerCase());
  if (listed) return { origin, listed, allowed: true };
  let host = '';
  try {
    host = new URL(origin).host;
  } catch {
    // `null`, of a sandboxed frame or a file
  }
  return { origin, listed, allowed: host !== '' && host.toLowerCase() === headers.get('host')?.toLowerCase() };
}

/** Headers by which a page of a listed origin may read the answer. */
export function corsHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-request-id, retry-after',
    vary: 'Origin',
  };
}

const allowedHeader =
  /^(?:authorization|content-type|accept|x-api-key|x-request-id|x-stainless-[a-z-]{1,40}|openai-(?:organization|project|beta)|user-agent)$/;

/** The answer to a page that asks whether it may ask. */
export function preflight(request: Request, origin: string): Response {
  const wanted = (request.headers.get('access-control-request-headers') ?? '').toLowerCase().split(',');
  const names = wanted.map((name) => name.trim()).filter((name) => allowedHeader.test(name));
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(origin),
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': ['authorization', 'content-type', ...names].join(', '),
      'access-control-max-age': '600',
    },
  });
}
