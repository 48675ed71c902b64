/**
 * `npm start -- --lan`: a door over TLS through which phones of the same network reach the server, which itself stays on this
 * machine alone. Its authority is made at the first start and kept in the data folder.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request as askServer } from 'node:http';
import { createServer } from 'node:https';
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import QRCode from 'qrcode';
import { makePrivateFolder, writePrivateFile } from '#config/private-files.ts';

const run = promisify(execFile);
const caDays = '3650';
/** What browsers take at the most. */
const leafDays = '390';

export interface Lan {
  /** This machine's address in the network. */
  address: string;
  /** As phones name the server. */
  url: string;
  /** To be installed on the phone, so that its browser trusts the door. */
  authorityFile: string;
  /** The address of the pages for phones, as a code for the terminal. */
  code: string;
  /** Passes everything on to `target`; returns the way to stop. */
  open(target: { port: number }): Promise<() => Promise<void>>;
}

/** Throws with a sentence where the machine is in no network, or has no openssl. */
export async function prepareLan({ folder, port }: { folder: string; port: number }): Promise<Lan> {
  const address = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ address: one, internal }) => !internal && isIPv4(one))?.address;
  if (address === undefined) throw new Error('本机不在任何网络中，不能使用 --lan');
  makePrivateFolder(folder);
  const file = (name: string): string => join(folder, name);
  await makeCertificates(file, address);
  const url = `https://${address}:${port}`;
  const tls = { key: readFileSync(file('door.key')), cert: readFileSync(file('door.pem')) };
  return {
    address,
    url,
    authorityFile: file('ca.pem'),
    code: await QRCode.toString(`${url}/m/`, { type: 'terminal', small: true }),
    async open(target) {
      const door = createServer(tls, (request, response) => {
        const from = request.socket.remoteAddress ?? '';
        const passed = askServer(
          {
            ...{ host: '127.0.0.1', port: target.port, method: request.method, path: request.url },
            // whatever the caller says of earlier proxies counts for nothing
            headers: { ...request.headers, 'x-forwarded-for': from },
          },
          (answer) => {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(response);
          },
        );
        passed.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
        response.on('close', () => passed.destroy());
        request.pipe(passed);
      });
      await new Promise<void>((resolve, reject) => {
        door.once('error', reject).listen(port, '0.0.0.0', resolve);
      });
      return () =>
        new Promise((resolve) => {
          door.close(() => resolve());
          door.closeAllConnections();
        });
    },
  };
}

/** Said at the start: how a phone comes in, and that what it meets is for showing only. */
export const lanNotice = ({ authorityFile, code }: Pick<Lan, 'authorityFile' | 'code'>): string => `
                同一网络的手机扫描下面的二维码打开；先在手机上安装并信任证书 ${authorityFile}，否则浏览器会提示不安全，且不能使用摄像头
                仅供试用：演示账号的密码公开，短信、实名、人脸、工商备案、CA公司均由沙箱代替，请勿在不可信的网络中使用
${code}`;

/** The authority once; the door's own certificate anew where the address is another or its time is nearly over. */
async function makeCertificates(file: (name: string) => string, address: string): Promise<void> {
  const openssl = async (...args: string[]): Promise<void> => {
    await run('openssl', args).catch((error: unknown) => {
      throw new Error('--lan 需要 openssl 制作证书（Debian：apt install openssl）', { cause: error });
    });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  if (!existsSync(file('ca.pem')))
    await openssl(
      ...['req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', caDays],
      ...['-subj', '/CN=Ludeng LAN', '-addext', 'basicConstraints=critical,CA:TRUE'],
      ...['-addext', 'keyUsage=critical,keyCertSign'],
    );
  const isGood =
    existsSync(file('door.pem')) &&
    existsSync(file('door.address')) &&
    readFileSync(file('door.address'), 'utf8') === address &&
    (await run('openssl', ['x509', '-checkend', '86400', '-noout', '-in', file('door.pem')]).then(
      () => true,
      () => false,
    ));
  if (isGood) return;
  writeFileSync(file('door.ext'), `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth\n`);
  await openssl(
    ...['req', ...newKey, '-keyout', file('door.key'), '-out', file('door.csr'), '-subj', `/CN=${address}`],
  );
  await openssl(
    ...['x509', '-req', '-in', file('door.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
    ...['-CAcreateserial', '-days', leafDays, '-extfile', file('door.ext'), '-out', file('door.pem')],
  );
  for (const secret of ['ca.key', 'door.key'])
    writePrivateFile(file(secret), readFileSync(file(secret), 'utf8'));
  writeFileSync(file('door.address'), address);
}
