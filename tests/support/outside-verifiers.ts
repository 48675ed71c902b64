/** Other people's verifiers, for seals: poppler's pdfsig, OpenSSL and BouncyCastle. All are in Debian; CI installs them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

async function runProgram(program: string, packageName: string, args: string[]): Promise<string> {
  try {
    const { stdout, stderr } = await execute(program, args);
    return stdout + stderr;
  } catch (error) {
    const failed = error as { code?: unknown; stdout?: string; stderr?: string };
    if (failed.code === 'ENOENT') {
      throw new Error(
        `${program} is not installed: this test needs it (Debian: apt install ${packageName})`,
        {
          cause: error,
        },
      );
    }
    return `exit ${String(failed.code)}\n${failed.stdout ?? ''}${failed.stderr ?? ''}`;
  }
}

/** What pdfsig prints with only this authority trusted. It exits 0 for invalid signatures too: read the text. */
export async function readPdfsig(
  pdf: Uint8Array,
  caCertificateDer: Uint8Array,
  folder: string,
): Promise<string> {
  const database = join(folder, 'nss');
  const [pdfFile, caFile] = [join(folder, 'sealed.pdf'), join(folder, 'ca.der')];
  await mkdir(database, { recursive: true });
  await writeFile(pdfFile, pdf);
  await writeFile(caFile, caCertificateDer);
  await runProgram('certutil', 'libnss3-tools', ['-N', '-d', `sql:${database}`, '--empty-password']);
  const trust = ['-A', '-d', `sql:${database}`, '-n', 'test-ca', '-t', 'CT,C,C', '-i', caFile];
  await runProgram('certutil', 'libnss3-tools', trust);
  return runProgram('pdfsig', 'poppler-utils', ['-nssdir', database, pdfFile]);
}

/** The last signature's CMS and what it signs, as files. */
async function writeSignature(pdf: Uint8Array, folder: string): Promise<{ cms: string; data: string }> {
  const text = Buffer.from(pdf).toString('latin1');
  const start = text.lastIndexOf('/Contents <') + '/Contents '.length;
  const end = text.indexOf('>', start) + 1;
  const files = { cms: join(folder, 'cms.der'), data: join(folder, 'data.bin') };
  const contents = Buffer.from(text.slice(start + 1, end - 1), 'hex');
  await writeFile(files.cms, contents.subarray(0, 4 + contents.readUInt16BE(2)));
  await writeFile(files.data, Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]));
  return files;
}

/** What `openssl cms -verify -cades` says of the last signature in the file, with only this authority trusted. */
export async function readOpensslCms(
  pdf: Uint8Array,
  caCertificateDer: Uint8Array,
  folder: string,
): Promise<string> {
  const files = { ...(await writeSignature(pdf, folder)), ca: join(folder, 'ca.pem') };
  const pem = Buffer.from(caCertificateDer)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  await writeFile(files.ca, `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`);
  const input = ['-inform', 'DER', '-in', files.cms, '-content', files.data, '-binary'];
  const trust = ['-CAfile', files.ca, '-purpose', 'any', '-cades', '-out', join(folder, 'out.bin')];
  return runProgram('openssl', 'openssl', ['cms', '-verify', ...input, ...trust]);
}

const javaArchives = ['bcpkix', 'bcprov', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`);

/**
 * What BouncyCastle says of the last signature in the file: identifiers, then `valid` or `invalid`; with a time authority's
 * certificate also `stamp valid TIME`.
 */
export async function readBouncyCastle(
  pdf: Uint8Array,
  caCertificateDer: Uint8Array,
  folder: string,
  timeAuthorityDer?: Uint8Array,
): Promise<string> {
  const missing = javaArchives.find((file) => !existsSync(file));
  if (missing) throw new Error(`${missing} is missing (Debian: apt install libbcpkix-java)`);
  const { cms, data } = await writeSignature(pdf, folder);
  const authority = join(folder, 'ca.der');
  await writeFile(authority, caCertificateDer);
  const timeAuthority = join(folder, 'time-authority.der');
  if (timeAuthorityDer) await writeFile(timeAuthority, timeAuthorityDer);
  const source = fileURLToPath(new URL('./GmVerify.java', import.meta.url));
  const options = [
    '-cp',
    javaArchives.join(':'),
    source,
    cms,
    data,
    authority,
    ...(timeAuthorityDer ? [timeAuthority] : []),
  ];
  return runProgram('java', 'default-jdk-headless', options);
}
