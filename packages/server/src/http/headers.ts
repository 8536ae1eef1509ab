// Headers of every answer.

/** A page here loads its own script and style, asks its own server, and nothing else; no other page can show it in a frame. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What a page may do with the machine besides showing itself: nothing, but for the studio, which may ask for the camera. */
export const permissionsPolicy = (camera: '()' | '(self)'): string =>
  [
    `camera=${camera}`,
    ...['microphone', 'display-capture', 'geolocation', 'midi', 'usb', 'serial', 'hid'].map((name) => `${name}=()`),
  ].join(', ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'permissions-policy': permissionsPolicy('()'),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** The id of a request: the client's, where it is a harmless one, or a new one. */
export function requestId(headers: Headers): string {
  const given = headers.get('x-request-id');
  return given !== null && /^[\w.-]{1,64}$/.test(given) ? given : `req-${crypto.randomUUID()}`;
}
