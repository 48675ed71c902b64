/** Lists and time stamps made by OpenSSL, so that nobody judges his own work: `openssl ca -gencrl`, `openssl ts`. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Authority } from '#tests/emulators/signing-token/demo-ca.ts';

const execute = promisify(execFile);

export interface ListOrder {
  /** Hexadecimal serial numbers as certificates print them, with the day since when (YYMMDDHHMMSSZ) and a reason. */
  revoked?: { serial: string; since?: string; reason?: string }[];
  /** YYYYMMDDHHMMSSZ; OpenSSL's clock else. */
  lastUpdate?: string;
  nextUpdate?: string;
}

/** A DER list of `authority`, written by OpenSSL. */
export async function makeRevocationList(
  authority: Authority,
  folder: string,
  { revoked = [], lastUpdate, nextUpdate }: ListOrder = {},
): Promise<Uint8Array> {
  const home = join(folder, 'openssl-ca');
  await mkdir(home, { recursive: true });
  const file = (name: string): string => join(home, name);
  await writeFile(file('key.pem'), authority.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
  await writeFile(file('ca.pem'), new X509Certificate(authority.certificateDer).toString());
  const lines = revoked.map(({ serial, since = '260101000000Z', reason }) => {
    const even = serial.length % 2 === 0 ? serial : `0${serial}`;
    return `R\t300101000000Z\t${since}${reason ? `,${reason}` : ''}\t${even}\tunknown\t/CN=revoked\n`;
  });
  await writeFile(file('index.txt'), lines.join(''));
  await writeFile(file('crlnumber'), '01\n');
  await writeFile(
    file('ca.cnf'),
    `[ca]\ndefault_ca=it\n[it]\ndatabase=${file('index.txt')}\ncrlnumber=${file('crlnumber')}\ndefault_md=sha256\ndefault_crl_days=30\nunique_subject=no\n`,
  );
  const dates = [
    ...(lastUpdate ? ['-crl_lastupdate', lastUpdate] : []),
    ...(nextUpdate ? ['-crl_nextupdate', nextUpdate] : []),
  ];
  const make = [
    'ca',
    '-gencrl',
    '-config',
    file('ca.cnf'),
    '-keyfile',
    file('key.pem'),
    '-cert',
    file('ca.pem'),
  ];
  await execute('openssl', [...make, ...dates, '-out', file('list.pem')]);
  await execute('openssl', ['crl', '-in', file('list.pem'), '-outform', 'DER', '-out', file('list.der')]);
  return new Uint8Array(await readFile(file('list.der')));
}

export interface TimeAuthority {
  url: string;
  certificateDer: Uint8Array;
  /** What it does with the next requests. */
  mode: 'answer' | 'refuse' | 'fail' | 'hang' | 'other-nonce';
  close(): Promise<void>;
}

/** A time authority with a certificate of its own, behind HTTP; every stamp is made by `openssl ts -reply`. */
export async function startTimeAuthority(
  folder: string,
  { uses = 'critical,timeStamping' }: { uses?: string } = {},
): Promise<TimeAuthority> {
  const home = join(folder, `openssl-ts-${uses.length}`);
  await mkdir(home, { recursive: true });
  const file = (name: string): string => join(home, name);
  await writeFile(
    file('ts.cnf'),
    `[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\nutf8=yes\n[dn]\nC=CN\nO=模拟时间戳机构\nCN=模拟时间戳机构\n` +
      `[ext]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=${uses}\n` +
      `[tsa]\ndefault_tsa=it\n[it]\nserial=${file('serial')}\ncrypto_device=builtin\nsigner_cert=${file('tsa.pem')}\n` +
      `signer_key=${file('key.pem')}\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\n` +
      `ordering=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n`,
  );
  await writeFile(file('serial'), '01\n');
  await execute('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-config', file('ts.cnf')],
    ...['-keyout', file('key.pem'), '-out', file('tsa.pem')],
  ]);
  const certificateDer = new Uint8Array(new X509Certificate(await readFile(file('tsa.pem'))).raw);

  const authority: TimeAuthority = { url: '', certificateDer, mode: 'answer', close: async () => undefined };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void reply(Buffer.concat(parts))
        .then((body) => response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(body))
        .catch(() => response.writeHead(500).end());
    });
  });
  async function reply(query: Buffer): Promise<Buffer> {
    if (authority.mode === 'fail') throw new Error('out of order');
    if (authority.mode === 'hang') return new Promise(() => undefined);
    // an imprint that this authority does not know is refused by OpenSSL itself
    const asked = Buffer.from(query);
    if (authority.mode === 'refuse')
      asked.write('\x04\x02\x03', asked.indexOf('\x04\x02\x01', 'latin1'), 'latin1');
    if (authority.mode === 'other-nonce') asked[asked.length - 4] = (asked[asked.length - 4] ?? 0) ^ 1;
    await writeFile(file('query.tsq'), asked);
    const make = ['ts', '-reply', '-config', file('ts.cnf'), '-section', 'it'];
    await execute('openssl', [...make, '-queryfile', file('query.tsq'), '-out', file('reply.tsr')]);
    return readFile(file('reply.tsr'));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP
  authority.url = `http://127.0.0.1:${port}/`;
  authority.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return authority;
}
