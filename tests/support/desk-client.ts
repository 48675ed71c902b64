/** A reviewer at the desk, through the server's API; every answer is parsed with the contract. */
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';

export interface Desk {
  caseOf(recordId: string): Promise<CaseDetail>;
  decide(detail: CaseDetail, outcome: 'approve' | 'refuse', opinion: string): Promise<CaseDetail>;
  /** 投诉 about what that case approved: the complaint's own case. */
  complain(caseId: string, reason: string): Promise<CaseDetail>;
}

export async function signInAtDesk(origin: string): Promise<Desk> {
  const signedIn = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ account: 'demo', password: 'ludeng-demo' }),
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`${origin}${path}`, {
      ...init,
      headers: { cookie, origin, 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  return {
    async caseOf(recordId) {
      const { cases } = caseListSchema.parse(await ask('/api/cases?state=open'));
      const found = cases.find((one) => one.recordId === recordId);
      if (!found) throw new Error(`no open case for ${recordId}`);
      return caseDetailSchema.parse(await ask(`/api/cases/${found.id}`));
    },
    async complain(caseId, reason) {
      const body = JSON.stringify({ reason });
      return caseDetailSchema.parse(await ask(`/api/cases/${caseId}/complaints`, { method: 'POST', body }));
    },
    async decide(detail, outcome, opinion) {
      const decision = detail.decisions.find(
        (one) => one.outcome === (outcome === 'approve' ? 'approved' : 'refused'),
      );
      return caseDetailSchema.parse(
        await ask(`/api/cases/${detail.case.id}/decisions`, {
          method: 'POST',
          body: JSON.stringify({ step: detail.step?.id, decision: decision?.id, opinion }),
        }),
      );
    },
  };
}
