/**
 * `npm start`: the main job on embedded defaults. A server on SQLite and files, a station, simulated devices where no hardware
 * is found, and a sandbox in place of the outside services; then the kiosk in Electron or Chromium where there is a screen, and the addresses in any case.
 * Options: --headless (no window), --reset (forget this folder's demo data), --data DIR.
 * For pictures of your own: --company NAME --credit-code CODE puts a UKey of that company beside the demonstration's (may be
 * given several times), --card-holder NAME is whose ID card lies on the reader.
 * --lan: phones of the same network reach the server too, over TLS (lan.ts).
 * The station offers all programmes on its first page; --programme ID (a folder of config/programmes) brings that one alone.
 * --config DIR: another configuration folder than the repository's (docs/programmes.md).
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { makePrivateFolder, writePrivateFile } from '#config/private-files.ts';
import { isCreditCode } from '#domain/fields/check-digits.ts';
import {
  demoLegalPerson,
  demoPin,
  fillScanner,
  makeSamplePictures,
  startSimulatedCounter,
} from '#tests/emulators/counter.ts';
import { fillSandbox } from '#tests/emulators/outside-services/fill-sandbox.ts';
import type { SimulatedHolder } from '#tests/emulators/signing-token/simulated-token.ts';
import { buildConsolePages, buildKioskPage } from './build-pages.ts';
import { compileCache } from './compile-cache.ts';
import { openWindow } from './kiosk-window.ts';
import { lanNotice, prepareLan } from './lan.ts';
import { readOptions } from './read-options.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const usage =
  '用法：npm start -- [--headless] [--reset] [--data 文件夹] [--company 单位 --credit-code 代码]... [--card-holder 姓名] [--programme 业务] [--config 配置文件夹] [--lan]';
const options = readOptions(usage, {
  headless: { type: 'boolean' },
  reset: { type: 'boolean' },
  data: { type: 'string' },
  company: { type: 'string', multiple: true, default: [] },
  'credit-code': { type: 'string', multiple: true, default: [] },
  'card-holder': { type: 'string' },
  programme: { type: 'string' },
  config: { type: 'string' },
  lan: { type: 'boolean' },
});
const data = resolve(options.data ?? join(root, 'var'));
const stationData = join(data, 'station');
const serverPort = 8720;
const serverUrl = `http://127.0.0.1:${serverPort}`;
const lanPort = 8721;
/** Always the same: addresses of face checks that were begun before a new start stay good. */
const sandboxPort = '8730';
const sandboxReadySchema = z.object({ ready: z.literal(true), url: z.string(), servicesFile: z.string() });
const readySchema = z.object({ ready: z.literal(true), url: z.string() });
const children: ChildProcess[] = [];
const closers: (() => Promise<void>)[] = [];
let isStopping = false;

const config = resolve(options.config ?? join(root, 'config'));
const known = programmesIn(config);
if (options.programme !== undefined && !known.includes(options.programme)) {
  console.error(`没有业务 ${options.programme}，可用：${known.join('、')}`);
  process.exit(2);
}

try {
  if (options.reset) rmSync(data, { recursive: true, force: true });
  makePrivateFolder(data);
} catch (error) {
  console.error(`数据文件夹 ${data} 不能使用：${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0));

try {
  const pagesBuilt = [await buildKioskPage(), await buildConsolePages()];
  if (pagesBuilt.includes(true)) console.log('页面已生成');
  console.log('准备模拟设备…');
  const cardHolder = options['card-holder'];
  const counter = await startSimulatedCounter({
    folder: join(data, 'simulated'),
    otherHolders: [demoLegalPerson, ...otherHolders()],
    ...(cardHolder === undefined ? {} : { cardHolder }),
  });
  closers.push(() => counter.close());
  await fillScanner(counter.scanner);
  const pictures = await makeSamplePictures(join(data, 'simulated'));

  const lan = options.lan ? await prepareLan({ folder: join(data, 'lan'), port: lanPort }) : undefined;
  console.log('启动外部服务沙箱…');
  const outside = start(
    'tests/emulators/outside-services/main.ts',
    {},
    {
      output: 'pipe',
      args: [
        ...['--folder', join(data, 'outside-services'), '--port', sandboxPort],
        // whose face is asked for on a phone has the page there
        ...(lan ? ['--host', '0.0.0.0', '--public-url', `http://${lan.address}:${sandboxPort}`] : []),
      ],
    },
  );
  const sandbox = sandboxReadySchema.parse(await firstMessage(outside, '外部服务沙箱'));
  const shownUrl = lan?.url ?? serverUrl;
  await fillSandbox(sandbox.url, {
    ...{ tokens: counter.token.tokens, companies: otherHolders(), cardHolder },
    serverUrl: shownUrl,
  });

  console.log('启动服务器…');
  const serverData = join(data, 'server');
  start('sync-server/main.ts', {
    ...(lan ? { LUDENG_SERVER_PUBLIC_URL: lan.url } : {}),
    LUDENG_SERVER_DATA: serverData,
    LUDENG_CONFIG: config,
    LUDENG_SERVER_TRUST: counter.trustAnchorFile,
    LUDENG_SERVER_SERVICES: sandbox.servicesFile,
    LUDENG_SERVER_DEMO: '1',
    LUDENG_SERVER_LOG_LEVEL: 'warn',
  });
  await answers(`${serverUrl}/healthz`);
  if (lan) closers.push(await lan.open({ port: serverPort }));

  console.log('启动采集站…');
  const profileFile = join(data, 'station.yaml');
  writePrivateFile(
    profileFile,
    stringify(profileOf(counter.profile, { enrolmentCodeFile: join(serverData, 'enrolment-code'), lan })),
  );
  const agent = start(
    'scanner-agent/main.ts',
    {
      LUDENG_DATA: stationData,
      LUDENG_CONFIG: config,
      LUDENG_STATION_PROFILE: profileFile,
    },
    { output: 'pipe' },
  );
  const { url } = readySchema.parse(await firstMessage(agent, '采集站'));
  const hasCamera = existsSync('/dev') && readdirSync('/dev').some((name) => name.startsWith('video'));
  const openWith = options.headless
    ? undefined
    : await openWindow({
        cameraFeed: hasCamera ? undefined : pictures.cameraFeed,
        ...{ data, stationData, children, closers },
      });

  console.log(`
绿灯站已启动${openWith ? `（${openWith}）` : ''}

  采集站页面    ${url}
                （用一次；再要一个：${options.data === undefined ? '' : `LUDENG_DATA=${stationData} `}./ludeng open）
  审核工作台    ${shownUrl}/   账号 demo，密码 ludeng-demo
  用户中心      ${shownUrl}/user-centre/   手机页面 ${shownUrl}/m/${lan ? lanNotice(lan) : ''}
  网上办理      ${shownUrl}/portal/
  外部服务沙箱  ${sandbox.url}/   （短信、人脸识别、实名核验、工商备案、CA公司、统一身份认证都由它代替）

  模拟设备      UKey（密码 ${demoPin}）、身份证读卡器、扫描仪${hasCamera ? '' : '、高拍仪（随 Chromium 窗口打开）'}
  样例图片      ${pictures.licence}
                ${pictures.qualification}
  设备体检      LUDENG_STATION_PROFILE=${profileFile} ./ludeng doctor

按 Ctrl+C 停止；数据保存在 ${data}
`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop(1);
}

function programmesIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'programmes'));
  } catch {
    console.error(`配置文件夹 ${folder} 中没有 programmes，请先复制本仓库的 config 再添加业务`);
    process.exit(2);
  }
}

function otherHolders(): SimulatedHolder[] {
  const codes = options['credit-code'];
  if (codes.length !== options.company.length) throw new Error('--company 和 --credit-code 要成对给出');
  return options.company.map((companyName, index) => {
    const creditCode = codes[index] ?? '';
    if (!isCreditCode(creditCode)) throw new Error(`统一社会信用代码不正确：${creditCode}`);
    return { companyName, creditCode, pin: demoPin };
  });
}

/** `output`: of the agent and the sandbox the first line is read; what the server warns of is for whoever started it. */
function start(
  script: string,
  environment: Record<string, string>,
  { output = 'inherit', args = [] }: { output?: 'pipe' | 'inherit'; args?: string[] } = {},
): ChildProcess {
  const child = fork(join(root, script), args, {
    cwd: root,
    env: { ...process.env, ...compileCache, ...environment },
    stdio: ['ignore', output, 'inherit', 'ipc'],
  });
  child.once('exit', (code) => {
    if (isStopping) return;
    console.error(`${script} 意外退出（${code ?? '被终止'}）`);
    void stop(1);
  });
  children.push(child);
  return child;
}

async function firstMessage(child: ChildProcess, name: string): Promise<unknown> {
  let text = '';
  for await (const piece of child.stdout ?? []) {
    text += String(piece);
    const end = text.indexOf('\n');
    if (end >= 0) return JSON.parse(text.slice(0, end));
  }
  throw new Error(`${name}没有启动成功，原因见上方`);
}

async function answers(url: string): Promise<void> {
  const until = performance.now() + 30_000;
  while (performance.now() < until && !isStopping) {
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await pause(200);
  }
  throw new Error(`${url} 没有应答`);
}

/** The embedded station's profile with what is simulated; the code lets it enrol itself at this server. */
function profileOf(
  simulated: object,
  { enrolmentCodeFile, lan }: { enrolmentCodeFile: string; lan: { url: string } | undefined },
): unknown {
  const base = z
    .looseObject({ server: z.looseObject({}) })
    .parse(parse(readFileSync(join(root, 'config', 'stations', 'default.yaml'), 'utf8')));
  const code = existsSync(enrolmentCodeFile) ? readFileSync(enrolmentCodeFile, 'utf8').trim() : undefined;
  const { programme } = options;
  const only = programme === undefined ? {} : { programme, programmes: [] };
  return {
    ...base,
    ...only,
    ...simulated,
    server: {
      ...base.server,
      ...(code ? { enrolmentCode: code } : {}),
      // CA登录 of this computer's browser, at the address that phones have
      ...(lan ? { browserOrigins: [lan.url] } : {}),
    },
  };
}

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((settle) => child.once('exit', settle));
    child.kill('SIGTERM');
    await Promise.race([gone, pause(8_000).then(() => child.kill('SIGKILL'))]);
  }
  for (const close of closers) await close();
  process.exit(code);
}
