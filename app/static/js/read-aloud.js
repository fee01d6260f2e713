// "Dengarkan": reads a question aloud by the device's own voice, and only where it has one of the page's language.

const speech = window.speechSynthesis;
const language = document.documentElement.lang;

/** The device's voice of the page's language; some old phones write id as "in". */
const findVoice = () => speech && speech.getVoices().find(({ lang }) => {
  const code = lang.toLowerCase().split(/[-_]/)[0];
  return code === language || (language === "id" && code === "in");
});

/** @param {HTMLElement} element its words are read; the button comes after its legend or its last line */
export function offerListening(element) {
  const pattern = document.querySelector("[data-listen-button]");
  let button = null;
  const offer = () => {
    const voice = findVoice();
    if (!voice || button) return;
    button = pattern.content.firstElementChild.cloneNode(true);
    const label = button.lastElementChild;
    const idle = label.textContent;
    const words = [...element.querySelectorAll("h1,legend,label,p")].map((part) => part.textContent.trim()).join(". ");
    const rest = () => { label.textContent = idle; };
    button.onclick = () => {
      const speaking = speech.speaking;
      speech.cancel();
      if (speaking) return;
      const saying = new SpeechSynthesisUtterance(words);
      saying.voice = voice;
      saying.lang = voice.lang;
      saying.rate = .9;
      saying.onend = saying.onerror = rest;
      label.textContent = button.dataset.stop;
      speech.speak(saying);
    };
    const legend = element.querySelector("legend");
    if (legend) legend.after(button);
    else element.append(button);
  };
  offer();
  if (speech && speech.addEventListener) speech.addEventListener("voiceschanged", offer);
}
