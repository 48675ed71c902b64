/** A browser at the provider of the sandbox: it follows, keeps cookies, and presses the button of one user. */

/**
 * From the address to which the server sent it until it would leave the provider again. Answers the query with which it comes
 * back. `login`: whose button is pressed; undefined: 取消登录.
 */
export async function signInAtProvider(address: string, login: string | undefined): Promise<string> {
  const cookies = new Map<string, string>();
  const own = new URL(address).origin;
  let url = address;
  let method: 'GET' | 'POST' = 'GET';
  for (let steps = 0; steps < 10; steps += 1) {
    const answer: Response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
        ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded', origin: own } : {}),
      },
      body: method === 'POST' ? new URLSearchParams(login === undefined ? {} : { login }).toString() : null,
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    await answer.body?.cancel();
    if (next === null) {
      if (answer.status !== 200 || method === 'POST') throw new Error(`${url} answered ${answer.status}`);
      method = 'POST';
      continue;
    }
    const to = new URL(next, url);
    if (to.origin !== own) return to.search;
    url = to.href;
    method = 'GET';
  }
  throw new Error('the provider sends the browser on and on');
}
