/**
 * A fetch that gives up after `ms`, body included: in a valley a connection may hang for ever. Throws when the network
 * fails. `data` is null unless JSON came: a portal's page, a redirect and half a body are no answer of ours.
 * @returns {Promise<{status: number, data: any, wait: number}>} wait: seconds that the server asks for
 */
export async function ask(url, options, ms) {
  const patience = new AbortController();
  const ending = setTimeout(() => patience.abort(), ms);
  try {
    const answer = await fetch(url, { redirect: "manual", signal: patience.signal, ...options });
    const json = /^application\/json/.test(answer.headers.get("content-type"));
    const data = json ? await answer.json().catch(() => null) : null;
    return { status: answer.status, data, wait: +answer.headers.get("retry-after") || 0 };
  } finally {
    clearTimeout(ending);
  }
}
