import type { DepartmentClient } from '../ports/department-client.ts';

export interface HttpDepartmentOptions {
  /** Before `/pushes/<key>`. */
  url: string;
  token?: string | undefined;
  timeoutMs: number;
}

/** A department that takes `PUT <url>/pushes/<key>` and answers `GET` of the same with 200 or 404. */
export function createHttpDepartment({ url, token, timeoutMs }: HttpDepartmentOptions): DepartmentClient {
  const placeOf = (key: string): string => `${url.replace(/\/+$/, '')}/pushes/${encodeURIComponent(key)}`;
  const ask = (key: string, init: RequestInit): Promise<Response> =>
    fetch(placeOf(key), {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });

  return {
    async has(key) {
      const answer = await ask(key, { method: 'GET' });
      await answer.body?.cancel();
      if (answer.ok) return true;
      if (answer.status === 404) return false;
      throw new Error(`the department answered ${answer.status} when asked`);
    },
    async send(push) {
      const answer = await ask(push.key, { method: 'PUT', body: JSON.stringify(push) });
      await answer.body?.cancel();
      if (answer.ok) return { accepted: true };
      // 408 and 429 are "not now"; the other 4xx say that this push is wrong, whenever it comes
      const isRefusal = answer.status >= 400 && answer.status < 500 && ![408, 429].includes(answer.status);
      if (isRefusal) return { accepted: false, reason: `refused by the department: ${answer.status}` };
      throw new Error(`the department answered ${answer.status}`);
    },
  };
}
