// "Dengarkan": reads a question aloud by the device's own voice, and only where it has one of the page's language.

const SPEAKER = '<svg viewBox="0 0 24 24" aria-hidden="true">'
  + '<path d="M4 9.3v5.4h3.3L12 19V5L7.3 9.3zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.2a8.2 8.2 0 0 1 0 11.6"/></svg>';
const speech = window.speechSynthesis;
const language = document.documentElement.lang;

/** The device's voice of the page's language; some old phones write id as "in". */
const findVoice = () => speech && speech.getVoices().find(({ lang }) => {
  const code = lang.toLowerCase().split(/[-_]/)[0];
  return code === language || (language === "id" && code === "in");
});

/** What is seen of `element`, as sentences. */
const wordsOf = (element) => [...element.querySelectorAll("h1,legend,label,p")]
  .filter((part) => part.getClientRects().length)
  .map((part) => part.textContent.trim().replace(/([^.?!])$/, "$1."))
  .join(" ");

/** @param {HTMLElement} element its words are read; the button comes after its legend or its last line */
export function offerListening(element) {
  const [listen, stop] = document.documentElement.dataset.words.split("|");
  let button = null;
  const offer = () => {
    const voice = findVoice();
    if (!voice || button) return;
    button = document.createElement("button");
    button.type = "button";
    button.className = "button second";
    button.innerHTML = SPEAKER;
    const label = document.createElement("span");
    const rest = () => { label.textContent = listen; };
    button.append(label);
    rest();
    button.onclick = () => {
      const speaking = speech.speaking;
      speech.cancel();
      if (speaking) return;
      const saying = new SpeechSynthesisUtterance(wordsOf(element));
      saying.voice = voice;
      saying.lang = voice.lang;
      saying.rate = .9;
      saying.onend = saying.onerror = rest;
      label.textContent = stop;
      speech.speak(saying);
    };
    const legend = element.querySelector("legend");
    const line = document.createElement("div");
    line.append(button);
    if (legend) legend.after(line);
    else element.append(line);
  };
  offer();
  if (speech && speech.addEventListener) speech.addEventListener("voiceschanged", offer);
}
