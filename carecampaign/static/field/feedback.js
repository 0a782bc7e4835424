/* Success and trouble, to see, to hear and to feel: each in its own way. */

const TONES = {
  saved: [[880, 0.09]],
  warning: [[440, 0.16], [0, 0.06], [440, 0.16]],
  refused: [[220, 0.5]],
};
const SHAKES = { saved: 40, warning: [80, 60, 80], refused: 400 };

let sounds = null;

function play(kind) {
  try {
    sounds ??= new AudioContext();
    sounds.resume();
    let at = sounds.currentTime;
    for (const [pitch, seconds] of TONES[kind]) {
      if (pitch) beep(pitch, at, seconds);
      at += seconds;
    }
  } catch {
    // A phone without sound has colour and words left.
  }
}

function beep(pitch, at, seconds) {
  const tone = sounds.createOscillator();
  const volume = sounds.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.3, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + seconds);
  tone.connect(volume).connect(sounds.destination);
  tone.start(at);
  tone.stop(at + seconds);
}

/* "message" stays until the next one; what went wrong stays until somebody closes it. */
export function show(kind, message, buttons = []) {
  const banner = document.getElementById("banner");
  banner.replaceChildren(document.getElementById(`banner-${kind}`).content.cloneNode(true));
  banner.querySelector("[data-part=message]").textContent = message;
  banner.querySelector("[data-part=buttons]").append(...buttons);
  banner.hidden = false;
  if (document.documentElement.dataset.sound !== "off") play(kind);
  navigator.vibrate?.(SHAKES[kind]);
  flash(kind);
}

export function hide() {
  document.getElementById("banner").hidden = true;
}

export const isShown = (kind) => {
  const banner = document.getElementById("banner");
  return !banner.hidden && banner.firstElementChild?.dataset.kind === kind;
};

function flash(kind) {
  const screen = document.getElementById("flash");
  screen.className = "flash";
  void screen.offsetWidth; // so that the same colour twice flashes twice
  screen.className = `flash flash--${kind}`;
}

export function button(label, className, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `button ${className}`;
  element.textContent = label;
  element.addEventListener("click", onClick);
  return element;
}
