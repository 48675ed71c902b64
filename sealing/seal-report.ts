/** 签章验证报告: what the strict verifier found, told so that a person can follow it; as text, and as a page for print. */
import { chinaTimeWithSeconds } from '#domain/primitives.ts';
import type { RevocationState } from './chain.ts';
import { sealProblems } from './problems.ts';
import type { SealProblemCode } from './problems.ts';
import { reportWords as words } from './report-words.ts';
import type { SealReport } from './verify-seal.ts';
import type { SignatureReport } from './verify-signature.ts';

export interface ReportCheck {
  name: string;
  result: 'pass' | 'fail' | 'open';
  /** What was found, in a sentence. */
  text: string;
}

export interface ReportPart {
  title: string;
  facts: [label: string, value: string][];
  checks: ReportCheck[];
}

export interface SealReportDocument {
  title: string;
  valid: boolean;
  conclusion: string;
  facts: [label: string, value: string][];
  parts: ReportPart[];
}

export interface ReportAbout {
  title: string;
  /** ISO UTC: the moment for which everything was judged. */
  at: string;
  /** SHA-256 of the file. */
  sha: string;
}

const fileCodes: readonly SealProblemCode[] = [
  ...([
    'NOT_A_PDF',
    'FILE_INCOMPLETE',
    'ENCRYPTED',
    'TOO_COMPLEX',
    'NO_SIGNATURE',
    'STRUCTURE_WRONG',
  ] as const),
  ...(['XREF_WRONG', 'OBJECT_UNLISTED', 'OBJECT_FREED', 'ROOT_CHANGED', 'IDENTITY_CHANGED'] as const),
];

const fileChecks: readonly { name: string; codes: readonly SealProblemCode[]; pass: string }[] = [
  { name: words.checks.file, codes: fileCodes, pass: words.pass.file },
  { name: words.checks.end, codes: ['BYTES_AFTER_SIGNATURE'], pass: words.pass.end },
  {
    name: words.checks.between,
    codes: ['CHANGED_BETWEEN_SIGNATURES', 'REVISION_WRONG'],
    pass: words.pass.between,
  },
  { name: words.checks.picture, codes: ['SEAL_PICTURE_WRONG'], pass: words.pass.picture },
];

const readingCodes: readonly SealProblemCode[] = [
  ...(['BYTE_RANGE_WRONG', 'CONTENTS_WRONG', 'PADDING_NOT_ZERO', 'END_WRONG', 'PROFILE_WRONG'] as const),
  ...(['CMS_MALFORMED', 'SIGNER_COUNT_WRONG', 'SIGNER_CERTIFICATE_MISSING'] as const),
];

const chainCodes: readonly SealProblemCode[] = [
  ...(['CERTIFICATE_WRONG_USE', 'CERTIFICATE_WRONG_PURPOSE', 'CERTIFICATE_OF_AUTHORITY'] as const),
  ...(['CERTIFICATE_WEAK', 'CERTIFICATE_UNSUPPORTED', 'CERTIFICATE_MALFORMED'] as const),
  ...(['CERTIFICATE_EXTENSION_UNKNOWN', 'CERTIFICATE_NAME_FORBIDDEN'] as const),
  ...(['CERTIFICATE_ISSUER_NOT_ALLOWED', 'CERTIFICATE_CHAIN_TOO_LONG'] as const),
  ...(['CERTIFICATE_UNTRUSTED', 'CERTIFICATE_UNKNOWN_EXTRA'] as const),
];

export function describeSealReport(report: SealReport, { title, at, sha }: ReportAbout): SealReportDocument {
  const found = report.problems.map(({ code }) => code);
  const signatures = report.signatures.map(describeSignature);
  return {
    title,
    valid: report.valid,
    conclusion: concludeFrom(report, signatures),
    facts: [
      [words.facts.file, title],
      [words.facts.sha, sha],
      [words.facts.at, formatTime(at)],
      [words.facts.count, words.count(report.signatures.length)],
    ],
    parts: [
      {
        title: words.wholeFile,
        facts: [],
        checks: fileChecks.map(({ name, codes, pass }, index) => {
          const failed = codes.filter((code) => found.includes(code));
          if (failed.length > 0) return { name, result: 'fail', text: failed.map(textOf).join('；') };
          // of a file that is not as a file should be, nothing more is believed
          const isUnread = report.signatures.length === 0 || fileCodes.some((code) => found.includes(code));
          const isOpen = index > 0 && isUnread;
          return { name, result: isOpen ? 'open' : 'pass', text: isOpen ? words.notReached : pass };
        }),
      },
      ...signatures,
    ],
  };
}

/** One sentence for who reads no further: why not, or what nobody could confirm. */
function concludeFrom({ valid, problems }: SealReport, signatures: readonly ReportPart[]): string {
  const reasons = [...new Set(problems.map(({ code }) => textOf(code)))];
  if (!valid) return signatures.length === 0 ? words.nothingToJudge(reasons) : words.invalid(reasons);
  const open = signatures.flatMap(({ checks }) => checks.filter(({ result }) => result === 'open'));
  const names = [...new Set(open.map(({ name }) => name))];
  return names.length === 0 ? words.valid : words.validButOpen(names);
}

function describeSignature(signature: SignatureReport, index: number): ReportPart {
  const { signer, timestamp, claimedAt, reason, profile, chain = [] } = signature;
  const facts: ReportPart['facts'] = [];
  if (signer) {
    facts.push([words.facts.signer, signer.personName ?? signer.holderName]);
    if (signer.personName !== undefined) facts.push([words.facts.ofCompany, signer.holderName]);
    if (signer.creditCode) facts.push([words.facts.creditCode, signer.creditCode]);
    facts.push([words.facts.serial, signer.serialNumber]);
    facts.push([words.facts.validity, `${formatTime(signer.notBefore)} — ${formatTime(signer.notAfter)}`]);
    facts.push([words.facts.chain, chain.map(({ holderName }) => holderName).join(' ← ')]);
  }
  if (profile) facts.push([words.facts.profile, words.profiles[profile]]);
  if (reason) facts.push([words.facts.reason, reason]);
  facts.push([
    words.facts.time,
    timestamp?.isProven && timestamp.at
      ? words.provenTime(formatTime(timestamp.at), timestamp.authorityName ?? '')
      : claimedAt
        ? words.claimedTime(formatTime(claimedAt))
        : words.noTime,
  ]);
  return { title: words.signature(index + 1, signature.fieldName), facts, checks: checksOf(signature) };
}

function checksOf(signature: SignatureReport): ReportCheck[] {
  const found = signature.problems.map(({ code }) => code);
  const isRead = signature.signer !== undefined;
  const check = (name: string, codes: readonly SealProblemCode[], pass: string): ReportCheck => {
    const failed = codes.filter((code) => found.includes(code));
    if (failed.length > 0) return { name, result: 'fail', text: failed.map(textOf).join('；') };
    return isRead ? { name, result: 'pass', text: pass } : { name, result: 'open', text: words.notReached };
  };
  const moment = formatTime(signature.judgedAt ?? signature.claimedAt ?? '');
  return [
    check(words.checks.format, readingCodes, words.pass.format),
    check(words.checks.content, ['DIGEST_WRONG'], words.pass.content),
    check(words.checks.signature, ['SIGNATURE_WRONG', 'SIGNATURE_NOT_NORMAL'], words.pass.signature),
    check(words.checks.chain, chainCodes, words.pass.chain),
    check(
      words.checks.validity,
      ['CERTIFICATE_EXPIRED', 'CERTIFICATE_NOT_YET_VALID'],
      words.pass.validity(moment),
    ),
    revocationCheck(
      check(words.checks.revocation, ['CERTIFICATE_REVOKED', 'REVOCATION_UNKNOWN'], ''),
      signature,
    ),
    timestampCheck(
      check(
        words.checks.timestamp,
        [
          ...(['TIMESTAMP_MALFORMED', 'TIMESTAMP_WRONG_IMPRINT', 'TIMESTAMP_SIGNATURE_WRONG'] as const),
          ...(['TIMESTAMP_UNTRUSTED', 'TIMESTAMP_ORDER'] as const),
        ],
        '',
      ),
      signature,
    ),
  ];
}

function revocationCheck(check: ReportCheck, { revocation = [] }: SignatureReport): ReportCheck {
  if (check.result !== 'pass') return check;
  const worst = (['stale', 'unknown'] as const).find((kind) =>
    revocation.some((state) => state.kind === kind),
  );
  const until = (state: RevocationState | undefined): string =>
    state && 'thisUpdate' in state ? formatTime(state.nextUpdate ?? state.thisUpdate) : '';
  if (worst === 'stale')
    return {
      ...check,
      result: 'open',
      text: words.staleList(until(revocation.find((one) => one.kind === 'stale'))),
    };
  if (worst === 'unknown' || revocation.length === 0) return { ...check, result: 'open', text: words.noList };
  return { ...check, text: words.pass.revocation(until(revocation[0])) };
}

function timestampCheck(check: ReportCheck, { timestamp }: SignatureReport): ReportCheck {
  if (check.result !== 'pass') return check;
  if (!timestamp) return { ...check, result: 'open', text: words.noTimestamp };
  if (!timestamp.isProven) return { ...check, result: 'open', text: words.unprovenTimestamp };
  return { ...check, text: words.pass.timestamp };
}

const marks = { pass: '✓', fail: '✗', open: '－' } satisfies Record<ReportCheck['result'], string>;

/** For a terminal and for a log. */
export function sealReportText(report: SealReportDocument): string {
  const lines = [words.title, '', `${words.conclusionLabel}${report.conclusion}`, ''];
  for (const [label, value] of report.facts) lines.push(`${label}：${value}`);
  for (const part of report.parts) {
    lines.push('', `【${part.title}】`);
    for (const [label, value] of part.facts) lines.push(`  ${label}：${value}`);
    for (const { name, result, text } of part.checks)
      lines.push(`  ${marks[result]} ${name}（${words.results[result]}）：${text}`);
  }
  return lines.join('\n');
}

/** A page of its own: no script, nothing fetched; prints on A4. */
export function sealReportPage(report: SealReport, about: ReportAbout): string {
  const document = describeSealReport(report, about);
  const facts = (rows: ReportPart['facts']): string =>
    rows.length === 0
      ? ''
      : `<dl>${rows.map(([label, value]) => `<dt>${escape(label)}</dt><dd>${escape(value)}</dd>`).join('')}</dl>`;
  const parts = document.parts.map(
    (part) =>
      `<section><h2>${escape(part.title)}</h2>${facts(part.facts)}<table>${part.checks
        .map(
          ({ name, result, text }) =>
            `<tr class="${result}"><td>${marks[result]}</td><th>${escape(name)}</th><td>${words.results[result]}</td><td>${escape(text)}</td></tr>`,
        )
        .join('')}</table></section>`,
  );
  return [
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
    `<title>${escape(words.title)} ${escape(document.title)}</title><style>${styles}</style></head><body>`,
    `<h1>${escape(words.title)}</h1><p class="end ${document.valid ? 'pass' : 'fail'}">${escape(document.conclusion)}</p>`,
    facts(document.facts),
    ...parts,
    `<footer>${escape(words.footer)}</footer></body></html>`,
  ].join('\n');
}

const styles = [
  'body{font:15px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:900px;margin:32px auto;padding:0 24px;color:#16222c}',
  'h1{font-size:26px;margin:0 0 12px}h2{font-size:18px;margin:28px 0 8px;border-bottom:1px solid #c8d2da}',
  '.end{padding:12px 16px;border-radius:8px;font-size:18px;font-weight:700}.end.pass{background:#e3f4ea;color:#075c38}',
  '.end.fail{background:#fbe6e6;color:#a11616}dl{display:grid;grid-template-columns:9em 1fr;gap:2px 12px;margin:8px 0}',
  'dt{color:#51616d}dd{margin:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}',
  'td,th{border-top:1px solid #e2e8ec;padding:5px 8px;text-align:left;vertical-align:top;font-weight:400}',
  'th{width:13em}tr.pass td:first-child{color:#075c38}tr.fail td,tr.fail th{color:#a11616;font-weight:700}',
  'tr.open td:nth-child(3){color:#7a5600}footer{margin-top:28px;color:#51616d;font-size:13px}',
].join('');

const textOf = (code: SealProblemCode): string => sealProblems[code];

/** 2026-11-21 17:00:05（北京时间）; empty stays empty. */
function formatTime(at: string): string {
  const moment = Date.parse(at);
  if (Number.isNaN(moment)) return '';
  return words.time(chinaTimeWithSeconds(moment));
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
