/* A signature on the screen; the pad is fetched only where a campaign asks for one. */

export async function signature(canvas) {
  const { default: SignaturePad } = await import("../vendor/signature_pad.js");
  const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 3 });
  const fit = () => {
    const ratio = Math.max(devicePixelRatio, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
  };
  return {
    clear: fit,
    isEmpty: () => pad.isEmpty(),
    image: () => ({ svg: btoa(pad.toSVG()) }),
  };
}
