// The phone's own share sheet where there is one; the link to WhatsApp is the plain twin.

/** @param {HTMLAnchorElement} link data-share: the text, data-url: the address */
export function share(link) {
  if (!navigator.share) return;
  link.onclick = (event) => {
    event.preventDefault();
    navigator.share({ text: link.dataset.share, url: link.dataset.url }).catch(() => {});
  };
}
