import type { Recheck } from '#domain/record/schema.ts';

/** What the server itself says to people, where no table of the domain says it. */
export const machineCheck = { by: '机器自动校核', opinion: '机器比对一致，自动通过' } as const;

export const demoAccount = { id: 'demo', name: '演示审核员（模拟）', password: 'ludeng-demo' } as const;

/** Who made a password, where it was no account of the desk. */
export const nameOfActor = (actor: string): string =>
  actor === 'administrator' ? '系统管理员（服务器命令）' : actor;

/** For the applicant, where the server's own look changes what follows; undefined where it does not. */
export function recheckNote(rechecks: readonly Recheck[]): string | undefined {
  if (rechecks.some(({ state }) => state === 'failed')) return '服务端未能复核，由人工审核';
  const doubted = rechecks.flatMap((recheck) =>
    recheck.state === 'done'
      ? recheck.checked.verdict.fields.filter(({ light }) => light === 'red' || light === 'yellow')
      : [],
  );
  const isNews = rechecks.some((recheck) => recheck.state === 'done' && recheck.differences.length > 0);
  if (!isNews || doubted.length === 0) return undefined;
  return `服务端复核对${doubted.map(({ label }) => label).join('、')}有疑问，由人工审核`;
}
