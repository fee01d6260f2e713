// A browser inside another app keeps its own storage, which the phone's browser never sees, and forgets it when it
// likes: nothing may wait there.
const APPS = /; wv\)|FB[AI_]|Instagram|TikTok|musical_ly|Byted|Line\/|WhatsApp|Twitter|Snapchat|MicroM/;

export const inApp = APPS.test(navigator.userAgent);

/** Before the first question. @param {HTMLElement} note with words for the way out, and a link that opens Chrome */
export function offerChrome(note) {
  const [elsewhere, link] = note.querySelectorAll("[data-app]");
  const android = /Android/.test(navigator.userAgent);
  elsewhere.hidden = android;
  link.hidden = !android;
  const scheme = location.protocol.slice(0, -1);
  link.href = `intent:${location.href.slice(scheme.length + 1)}#Intent;scheme=${scheme};package=com.android.chrome;end`;
}
