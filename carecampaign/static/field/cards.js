/* Reads a QR code with the camera: by the browser's own reader, else by one that is fetched. */

const EVERY_MS = 150;
const PROGRAM = "/static/vendor/zxing/reader/zxing_reader.wasm";

let stop = null;

async function reader() {
  if ("BarcodeDetector" in globalThis) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { prepareZXingModule, readBarcodes } = await import("../vendor/zxing/reader/index.js");
  prepareZXingModule({ overrides: { locateFile: () => PROGRAM } });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    return (await readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 1 }))[0]?.text;
  };
}

/* Show the camera until a code was read or the button is pressed again. */
export async function readCards(video, found, failed) {
  if (stop) {
    stop();
    return;
  }
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    failed();
    return;
  }
  const read = await reader();
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const timer = setInterval(async () => {
    const code = video.videoWidth && await read(video).catch(() => null);
    if (!code || !stop) return;
    stop();
    found(code);
  }, EVERY_MS);
  stop = () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    video.hidden = true;
    stop = null;
  };
}
