/** Requests as they are written on the wire: no client that tidies an address up stands between. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  status: number;
  body: string;
}

export async function rawRequest(
  port: number,
  request: { method: string; target: string; headers: Record<string, string>; body?: string },
): Promise<RawAnswer> {
  const { method, target, headers, body = '' } = request;
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer to ${method} ${target}`)));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...Object.entries({ connection: 'close', 'content-length': String(body.length), ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  const answer = await text(socket);
  const [head = '', rest = ''] = answer.split(/\r\n\r\n(.*)/su);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/u.exec(head)?.[1] ?? 0), body: rest };
}

/**
 * Other spellings of an address, of which a guard and a router may think differently. `origin`: e.g. `http://127.0.0.1:80`.
 */
export function spellings(path: string, origin: string): string[] {
  const [, first = '', ...rest] = path.split('/');
  const tail = rest.length > 0 ? `/${rest.join('/')}` : '';
  const hex = (character: string): string => `%${character.charCodeAt(0).toString(16)}`;
  const encoded = [...first].map(hex).join('');
  return [
    path,
    `/${hex(first[0] ?? 'a')}${first.slice(1)}${tail}`,
    `/${encoded}${tail}`,
    `/${encoded.replace(/%/gu, '%25')}${tail}`,
    `/${first.slice(0, -1)}${hex(first.at(-1) ?? 'a').toUpperCase()}${tail}`,
    `/${[...path.slice(1)].map((one) => (one === '/' ? one : hex(one))).join('')}`,
    `/${path}`,
    path.replace(/\/(?=[^/]*$)/u, '//'),
    `${path}/`,
    path.toUpperCase(),
    `/.${path}`,
    `/x/..${path}`,
    `/%2e%2e${path}`,
    `/${first}/.${tail}`,
    `/${first};v=1${tail}`,
    `${path};v=1`,
    `${path}%00`,
    `${path}%20`,
    `${path}?x=%00`,
    `${path}#x`,
    `/${first}%2f${rest.join('/')}`,
    `/${first}\\${rest.join('\\')}`,
    `${origin}${path}`,
    `${origin}/${encoded}${tail}`,
    `http://user@${new URL(origin).host}${path}`,
    path.slice(1),
  ];
}
