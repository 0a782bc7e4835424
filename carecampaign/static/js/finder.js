// The finder: sorts by distance where the phone shares its place, and opens its own map.

const form = document.querySelector("[data-finder]");
const near = document.querySelector("[data-near]");

if (form && near && "geolocation" in navigator) {
  near.hidden = false;
  near.addEventListener("click", () => {
    near.disabled = true;
    near.textContent = near.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      (position) => {
        // A hundred metres are near enough, and tell less about whoever asks.
        form.elements.lat.value = position.coords.latitude.toFixed(3);
        form.elements.lng.value = position.coords.longitude.toFixed(3);
        form.submit();
      },
      () => {
        near.textContent = near.dataset.refused;
      },
      { timeout: 10000, maximumAge: 60000 },
    );
  });
}

// Apple's phones know no geo: links.
if (/iPhone|iPad|Macintosh/.test(navigator.userAgent)) {
  for (const link of document.querySelectorAll("a[data-maps]")) {
    link.href = link.dataset.maps;
  }
}
