// A browser inside another app keeps its own storage, which the phone's browser never sees, and forgets it when it
// likes: nothing may wait there.
const APPS = /; wv\)|FBA[NV]|FB_IAB|Instagram|TikTok|musical_ly|Bytedance|Line\/|WhatsApp|Twitter|Snapchat|MicroMessenger/;

export const inApp = APPS.test(navigator.userAgent);

/** Before the first question: nothing can be kept here. @param {HTMLElement} note with a link that opens Chrome */
export function warn(note) {
  note.hidden = false;
  const [elsewhere, link] = note.querySelectorAll("[data-app]");
  const android = /Android/.test(navigator.userAgent);
  elsewhere.hidden = !inApp || android;
  link.hidden = !inApp || !android;
  const scheme = location.protocol.slice(0, -1);
  link.href = `intent:${location.href.slice(scheme.length + 1)}#Intent;scheme=${scheme};package=com.android.chrome;end`;
}
