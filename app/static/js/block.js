// A part of a page that is as of now, on a page that the phone keeps: asked for after all else. Where nothing comes, the
// link that stands there stays.

/** @param {HTMLElement} box data-block: the address that answers with the block of the box's id */
export async function fillBlock(box) {
  const headers = { "HX-Request": "true", "HX-Target": box.id };
  const answer = await fetch(box.dataset.block, { headers }).catch(() => null);
  if (answer && answer.ok) box.innerHTML = await answer.text();
}
