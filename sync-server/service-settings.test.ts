import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesSecrets, readSettings, serverSettingsSchema } from './settings.ts';
import type { ServerSettingsInput } from './settings.ts';

const url = 'https://services.example/sms';
const parse = (change: Partial<ServerSettingsInput>) =>
  serverSettingsSchema.parse({ dataFolder: 'unused', ...change });
const faultsOf = (services: unknown): string =>
  serverSettingsSchema.safeParse({ dataFolder: 'unused', services }).error?.message ?? 'none';

const ed25519 = generateKeyPairSync('ed25519');
const pemOf = (key: typeof ed25519.publicKey): string =>
  key.export({ type: 'spki', format: 'pem' }).toString();

it('takes services one by one, and what was taken may be given again', () => {
  const settings = parse({ services: { sms: { url, token: 't' }, mobileCheck: { url, timeoutSeconds: 3 } } });
  expect(settings.services.sms).toMatchObject({ url, token: 't', timeoutSeconds: 10 });
  expect(settings.services.face).toBeUndefined();
  expect(serverSettingsSchema.parse(settings)).toEqual(settings);
  expect(parse({}).services).toEqual({});
});

it('still reads the check of mobile numbers where it stood before', () => {
  const settings = parse({ mobileCheck: { url: 'http://check.example/', token: 't' } });
  expect(settings.mobileCheck).toEqual({ url: 'http://check.example/', token: 't', timeoutSeconds: 10 });
  expect(serverSettingsSchema.parse(settings)).toEqual(settings);
});

it('lets nothing of persons go to another machine in the open, unless somebody says that the network is closed', () => {
  for (const open of ['http://services.example/sms', 'http://10.1.2.3/', 'http://127.0.0.1.example/'])
    expect(faultsOf({ sms: { url: open } }), open).toContain('https://');
  expect(faultsOf({ sms: { url: 'http://10.1.2.3/', allowPlainHttp: true } })).toBe('none');
  for (const here of ['http://127.0.0.1:8730/x', 'http://localhost/', 'http://[::1]:1/'])
    expect(faultsOf({ realName: { url: here } }), here).toBe('none');
  expect(faultsOf({ sms: { url: 'https://user:secret@services.example/' } })).toContain('token');
  expect(faultsOf({ sms: { url: 'ftp://services.example/' } })).not.toBe('none');
  expect(faultsOf({ post: { url } })).toContain('post');
});

it('wants the public half of an Ed25519 key for faces', () => {
  expect(faultsOf({ face: { url, publicKey: pemOf(ed25519.publicKey) } })).toBe('none');
  const secret = ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
  for (const publicKey of [secret, rsa, 'BEGIN PUBLIC KEY', ''])
    expect(faultsOf({ face: { url, publicKey } })).toContain('Ed25519');
  expect(faultsOf({ face: { url } })).toContain('publicKey');
});

it('holds a file with a token of any service for secret', () => {
  expect(namesSecrets(parse({ services: { caCompany: { url } } }))).toBe(false);
  expect(namesSecrets(parse({ services: { caCompany: { url, token: 't' } } }))).toBe(true);
  expect(namesSecrets(parse({ mobileCheck: { url, token: 't' } }))).toBe(true);
});

it('takes the services from a file of their own, over those of the settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'services-'));
  try {
    const [settings, services] = [join(folder, 'server.yaml'), join(folder, 'services.yaml')];
    writeFileSync(settings, `services: { sms: { url: '${url}' }, face: { url: nothing } }`);
    writeFileSync(services, `realName: { url: '${url}', token: t }`);
    const read = readSettings({ LUDENG_SERVER_SETTINGS: settings, LUDENG_SERVER_SERVICES: services });
    expect(read.services).toEqual({
      realName: { url, token: 't', timeoutSeconds: 10, allowPlainHttp: false },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
