{#- The service worker: the page loads with the server down. Its version is that of what it keeps. -#}
const SHELL = "field-{{ version }}";
const FILES = {{ files | tojson }};
const LATER = {{ later | tojson }};

// From the server, not from what the browser happens to keep.
const fresh = (names) => names.map((name) => new Request(name, { cache: "reload" }));

self.addEventListener("install", (install) => {
  install.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh(FILES))));
});

// What waits on the phone knows the page that kept it: the newer one comes when nothing waits.
self.addEventListener("message", (message) => {
  if (message.data === "take over") self.skipWaiting();
  // The page is idle: now what only some events ask for.
  if (message.data === "idle") {
    message.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh(LATER))).catch(() => {}));
  }
});

self.addEventListener("activate", (activate) => {
  activate.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL && name.startsWith("field-")).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (asked) => {
  const { request } = asked;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const isPage = request.mode === "navigate" && url.pathname === "/v/";
  const name = isPage ? "/v/" : url.pathname + url.search;
  if (!isPage && !FILES.includes(name) && !LATER.includes(name)) return;
  asked.respondWith(
    caches.open(SHELL).then((cache) => cache.match(name)).then((kept) => kept ?? fetch(request)),
  );
});
