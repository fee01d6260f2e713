// An item's story in plain words, and what can be done with it.
import { knows, moment, say } from "./words.js";

const KINDS = { waiting: "warn", needs_you: "bad", sign_in: "warn", done: "ok" };

/**
 * @param {any} item of the outbox
 * @param {{lent: number, foreign: boolean, labels: Record<string, string>}} about lent: when its code was shown last;
 *   foreign: it belongs to an officer who is not signed in here; labels: names of the form's fields
 */
export function storyOf(item, about) {
  const { state, carried, title } = item;
  return {
    title: carried ? say("carried") : title,
    kind: KINDS[state],
    badge: say(state),
    number: about.foreign ? "" : item.no,
    sentences: [
      say("filled", { time: moment(item.at) }),
      ...(about.foreign ? [say("other")] : state === "done" ? arrived(item, about) : pending(item, about)),
    ],
    deeds: about.foreign ? ["enter"] : deeds(item),
  };
}

/** The office had it before this phone's own sending: brought by somebody, or an answer to an earlier try was lost. */
function arrived({ carried, replay, tries, doneAt }, { lent }) {
  const told = carried ? [say("delivered")] : lent && replay ? [say(tries ? "maybe" : "brought")] : [];
  return [...told, say("arrived", { time: moment(doneAt) })];
}

function pending(item, { lent, labels }) {
  const { state, tries, next, sealed, pairs, openUntil } = item;
  const told = [];
  if (state === "waiting") told.push(say("kept"));
  if (state === "sign_in") told.push(say("enter"));
  if (state === "needs_you") told.push(...refusal(item, labels));
  else if (tries) {
    told.push(say("tried", { n: tries }));
    if (next > Date.now()) told.push(say("next", { time: moment(next) }));
  }
  if (lent) told.push(say("lent", { time: moment(lent) }));
  if (pairs && !sealed) told.push(say("open"));
  else if (pairs) told.push(say("copy", { time: moment(openUntil) }));
  return told;
}

/** What the office said, each word at its field. */
function refusal({ errors, error, message }, labels) {
  const lines = Object.entries(errors || {}).map(([field, words]) => {
    const label = labels[field];
    return label && !String(words).startsWith(label) ? `${label}: ${words}` : String(words);
  });
  const known = "e:" + error;
  if (knows(known)) lines.push(say(known));
  else if (!lines.length) lines.push(message || say("e:"));
  return [say("errors"), ...lines];
}

function deeds({ state, sealed, pairs, openUntil, carried, owner, url }) {
  if (state === "done") return url ? ["receipt", "remove"] : ["remove"];
  return [
    ...(!carried && (state === "needs_you" || pairs) ? ["mend"] : []),
    ...(state === "sign_in" ? ["enter"] : []),
    ...(state === "waiting" || carried ? ["send"] : []),
    ...(sealed && openUntil ? ["forget"] : []),
    "remove",
    ...(sealed && !owner && state !== "needs_you" ? ["lend", "text", "file"] : []),
  ];
}
