// An item's story in plain words, and what can be done with it.
import { knows, moment, say } from "./words.js";

const KINDS = { waiting: "warn", needs_you: "bad", sign_in: "warn", done: "ok" };

/**
 * @param {any} item of the outbox
 * @param {{lent: number, foreign: boolean, labels: Record<string, string>, own: string[]}} about lent: when its code
 *   was shown or its file saved last; foreign: it belongs to an officer who is not signed in here; labels: names of the
 *   form's fields; own: beginnings of addresses that are keys in themselves
 */
export function storyOf(item, about) {
  const { state, carried, title, address } = item;
  return {
    title: carried ? say("carried") : knows(address) ? say(address) : title, // the worker knows no form by name
    kind: KINDS[state],
    badge: say(state),
    number: about.foreign ? "" : item.no,
    sentences: [
      say("filled", { time: moment(item.at) }),
      ...(about.foreign ? others(item, about) : state === "done" ? arrived(item, about) : pending(item, about)),
    ],
    deeds: about.foreign ? ["enter", ...guarded(item, about)] : deeds(item, about),
  };
}

/** Whose account is gone: nobody else can send it, but the desk takes its file in. Deleted only after it was saved. */
const others = ({ sealed }, { lent }) => [
  say("other"), ...(sealed ? [lent ? say("saved", { time: moment(lent) }) : say("orphan")] : []),
];
const guarded = ({ sealed }, { lent }) => (sealed ? ["save", ...(lent ? ["remove"] : [])] : []);

/** The office will never be able to open it as it is. */
const unopenable = ({ error }) => /^un(known_key|readable)$/.test(error);

/** Its address opens the sender's receipt: it is nobody else's to carry. */
const secret = ({ address, carried }, { own }) => !carried && own.some((start) => address.startsWith(start));

/** The office had it before this phone's own sending: brought by somebody, or an answer to an earlier try was lost. */
function arrived({ carried, replay, tries, doneAt }, { lent }) {
  const told = carried ? [say("delivered")] : lent && replay ? [say(tries ? "maybe" : "brought")] : [];
  return [...told, say("arrived", { time: moment(doneAt) })];
}

function pending(item, about) {
  const { lent, labels } = about;
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
  else if (sealed && state !== "needs_you" && secret(item, about)) told.push(say("private"));
  if (pairs && !sealed) told.push(say("open"));
  else if (pairs) told.push(say("copy", { time: moment(openUntil) }));
  return told;
}

/** What the office said, each word at its field. */
function refusal(item, labels) {
  const { errors, error, message, carried, pairs } = item;
  const lines = Object.entries(errors || {}).map(([field, words]) => {
    const label = labels[field];
    return label && !String(words).startsWith(label) ? `${label}: ${words}` : String(words);
  });
  const known = "e:" + error;
  if (knows(known)) lines.push(say(known));
  else if (!lines.length) lines.push(message || say("e:"));
  if (unopenable(item)) lines.push(say(carried ? "e:needs_owner" : pairs ? "resend" : "refill"));
  return [say("errors"), ...lines];
}

function deeds(item, about) {
  const { state, sealed, pairs, openUntil, carried, owner, url } = item;
  const lost = !carried && !pairs && state === "needs_you" && unopenable(item);
  if (state === "done") return url ? ["receipt", "remove"] : ["remove"];
  return [
    ...(lost ? ["again", "save"] : !carried && (state === "needs_you" || pairs) ? ["mend"] : []),
    ...(state === "sign_in" ? ["enter"] : []),
    ...(state === "waiting" || carried || lost ? ["send"] : []),
    ...(sealed && openUntil && !unopenable(item) ? ["forget"] : []),
    "remove",
    ...(sealed && !owner && state !== "needs_you" && !secret(item, about) ? ["lend", "text", "file"] : []),
  ];
}
