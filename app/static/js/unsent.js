// How many kiriman have not arrived yet, at the head of every page; nothing when there are none.

/** @param {HTMLAnchorElement} link its text is the sentence with {n} */
export function countUnsent(link) {
  const { outbox } = self;
  const words = link.textContent;
  const show = async () => {
    const { waiting, problem } = await outbox.counts();
    link.textContent = words.replace("{n}", String(waiting + problem));
    link.hidden = !(waiting + problem);
  };
  const look = () => show().catch(() => {}); // no storage here: then nothing waits here either
  addEventListener("outbox", look);
  look();
}
