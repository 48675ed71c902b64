/**
 * The vendors' local card programs, without a vendor: the same HTTP questions and answers, for the cards of the reader's
 * emulator. Written from the published descriptions, apart from the driver.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CardFile } from '../id-card-reader/card-file.ts';

export const serviceKinds = ['read-msg', 'card-idcard', 'read-cert'] as const;
export type ServiceKind = (typeof serviceKinds)[number];

export type ServiceFault =
  'none' | 'no-reader' | 'busy' | 'refuses-card' | 'hangs' | 'half' | 'html' | 'other-shape' | 'endless';

export interface CardService {
  url: string;
  place(card: CardFile): void;
  remove(): void;
  setFault(trouble: ServiceFault): void;
  questions(): readonly string[];
  close(): Promise<void>;
}

/** A picture of one grey pixel, JPEG. */
export const tinyPhoto =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==';

/** Port 0 takes a free one. */
export async function startCardService(kind: ServiceKind, port = 0): Promise<CardService> {
  let card: CardFile | undefined;
  let trouble: ServiceFault = 'none';
  const asked: string[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://service');
    asked.push(`${request.method} ${url.pathname}`);
    const send = (body: unknown): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (!isRead(kind, url.pathname)) return send(statusAnswer(kind));
    switch (trouble) {
      case 'hangs':
        return;
      case 'half':
        response.setHeader('content-length', '500');
        response.write('{"code":');
        response.destroy();
        return;
      case 'html':
        return void response.end('<html>another program</html>');
      case 'other-shape':
        return send({ hello: ['world'] });
      case 'endless': {
        response.on('error', () => undefined);
        while (!response.destroyed) {
          response.write(Buffer.alloc(100_000, 0x20));
          await delay(1);
        }
        return;
      }
      case 'none':
      case 'no-reader':
      case 'busy':
      case 'refuses-card':
        return send(trouble === 'none' && card ? cardAnswer(kind, card) : failureAnswer(kind, trouble));
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    place(next) {
      card = next;
    },
    remove() {
      card = undefined;
    },
    setFault(next) {
      trouble = next;
    },
    questions: () => [...asked],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function isRead(kind: ServiceKind, path: string): boolean {
  return (
    { 'read-msg': '/api/ReadMsg', 'card-idcard': '/card=idcard', 'read-cert': '/api/readCert' }[kind] === path
  );
}

function statusAnswer(kind: ServiceKind): unknown {
  if (kind === 'read-msg') return { retcode: '0', retmsg: 'v3.3.4', errmsg: '' };
  return kind === 'card-idcard' ? { code: 0 } : { resultFlag: 0, errorMsg: '', status: '已连接' };
}

function failureAnswer(kind: ServiceKind, trouble: ServiceFault): unknown {
  const said =
    { 'no-reader': '读卡器未连接', busy: '读卡器正忙', 'refuses-card': '读卡失败' }[trouble as 'busy'] ??
    '寻卡失败';
  if (kind === 'read-msg') return { code: '1', retcode: '0x80', retmsg: said, errmsg: '' };
  return kind === 'card-idcard' ? { code: -1, msg: said } : { resultFlag: -1, errorMsg: said };
}

function cardAnswer(kind: ServiceKind, card: CardFile): unknown {
  switch (kind) {
    case 'read-msg':
      return readMsg(card);
    case 'card-idcard':
      return {
        code: 0,
        IDCardInfo: {
          name: card.name,
          sex: card.sexCode === '2' ? '女' : '男',
          sexCode: card.sexCode,
          nation: '汉',
          birthday: card.bornOn,
          address: addressOf(card),
          cardID: card.number,
          issueOrgan: issuerOf(card),
          validStart: card.validFrom,
          validEnd: card.validTo,
          photoBase64: tinyPhoto,
          photoBase64_Z: '',
          photoBase64_F: '',
        },
      };
    case 'read-cert':
      return {
        resultFlag: 0,
        errorMsg: '',
        resultContent: {
          partyName: card.name,
          gender: card.sexCode === '2' ? 0 : 1,
          nation: '汉',
          bornDay: card.bornOn,
          certAddress: addressOf(card),
          certNumber: card.number,
          certOrg: issuerOf(card),
          effDate: card.validFrom,
          expDate: card.validTo,
          identityPic: tinyPhoto,
        },
      };
  }
}

function readMsg(card: CardFile): unknown {
  const isForeigner = card.kind === 'I' || card.kind === 'Y';
  return {
    code: '0',
    retcode: '0x90 0x1',
    retmsg: '操作成功||相片解码解码正确',
    errmsg: '',
    name: card.name,
    sex: card.sexCode === '2' ? '女' : '男',
    nation: isForeigner ? `某国/${card.nationality}` : card.kind === 'J' ? '' : '汉',
    born: card.bornOn,
    address: addressOf(card),
    cardno: card.number,
    userlifeb: card.validFrom,
    userlifee: card.validTo,
    police: issuerOf(card),
    photobase64: tinyPhoto,
    FpData: null,
    CardType: { resident: '0', I: '1', J: '2', Y: '3' }[card.kind],
    EngName: isForeigner ? card.englishName : '',
    PassID: card.kind === 'J' ? card.passNumber : '',
  };
}

function addressOf(card: CardFile): string {
  return card.kind === 'resident' || card.kind === 'J' ? card.address : '';
}

function issuerOf(card: CardFile): string {
  return card.kind === 'resident' || card.kind === 'J' ? card.issuer : '';
}
