/* Draws every [data-map] with Leaflet: stations as coloured dots, on tiles where there are any.
   Nothing is shown here alone: the list has the same stations. */
"use strict";

(() => {
  const COLOURS = { planned: "#1d4f91", open: "#1c6b3c", closed: "#b45f00", delisted: "#5f5752" };
  const MOST_FOCUSABLE = 200; // More stops than anybody tabs through: they are painted instead.
  const CLOSE_UP = 15;
  const CHINA = [[18, 73], [54, 135]];

  function dot(latlng, status) {
    return L.circleMarker(latlng, {
      radius: 8, weight: 2, color: "#fff", fillColor: COLOURS[status] ?? COLOURS.delisted, fillOpacity: 1,
    });
  }

  function describe(place) {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = place.url;
    link.textContent = place.name;
    const facts = document.createElement("p");
    facts.textContent = [place.code, place.status_label, place.address].filter(Boolean).join(" · ");
    box.append(link, facts);
    return box;
  }

  /* By keyboard: a dot is reached with Tab and opened with Enter; Escape closes it. */
  function makeFocusable(marker, place) {
    marker.on("add", () => {
      const element = marker.getElement?.();
      if (!element) return;
      element.setAttribute("tabindex", "0");
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", `${place.name}, ${place.status_label}`);
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        marker.openPopup();
        marker.getPopup().getElement().querySelector("a").focus();
      });
    });
    marker.on("popupclose", () => marker.getElement?.()?.focus({ preventScroll: true }));
  }

  async function fetchJson(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  function makeMap(box) {
    const map = L.map(box, { zoomControl: false, attributionControl: Boolean(box.dataset.tiles) });
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.attributionControl?.setPrefix(false);
    // Leaflet hears Escape only while the map itself has the focus, not a dot or a link in it.
    box.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
    if (box.dataset.tiles) L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution, maxZoom: 18 }).addTo(map);
    return map;
  }

  async function addBoundary(map, box) {
    if (!box.dataset.boundary) return null;
    const style = { color: "#8a7d72", weight: 1.5, fillColor: "#fff", fillOpacity: box.dataset.tiles ? 0 : 1 };
    const layer = L.geoJSON(await fetchJson(box.dataset.boundary), { style, interactive: false });
    layer.addTo(map);
    layer.bringToBack();
    return layer;
  }

  function addPlaces(map, features) {
    const isFew = features.length <= MOST_FOCUSABLE;
    const renderer = isFew ? L.svg() : L.canvas();
    const layer = L.geoJSON(features, {
      pointToLayer(feature, latlng) {
        const marker = dot(latlng, feature.properties.status);
        marker.options.renderer = renderer;
        marker.bindTooltip(feature.properties.name);
        marker.bindPopup(() => describe(feature.properties));
        if (isFew) makeFocusable(marker, feature.properties);
        return marker;
      },
    });
    return layer.addTo(map);
  }

  async function drawMany(box) {
    const map = makeMap(box);
    map.fitBounds(CHINA);
    const [places] = await Promise.all([fetchJson(box.dataset.points), addBoundary(map, box)]);
    const layer = addPlaces(map, places.features);
    if (places.features.length) map.fitBounds(layer.getBounds(), { padding: [32, 32], maxZoom: CLOSE_UP });
  }

  async function drawOne(box) {
    const place = [Number(box.dataset.latitude), Number(box.dataset.longitude)];
    const map = makeMap(box);
    map.setView(place, CLOSE_UP);
    const marker = dot(place, box.dataset.status).addTo(map);
    marker.bindTooltip(box.dataset.name);
    const boundary = await addBoundary(map, box);
    if (boundary && !box.dataset.tiles) map.fitBounds(boundary.getBounds(), { padding: [8, 8] });
  }

  async function draw(box) {
    box.hidden = false;
    try {
      await (box.dataset.points ? drawMany(box) : drawOne(box));
    } catch {
      const words = document.createElement("p");
      words.className = "map-box__failed";
      words.setAttribute("role", "alert");
      words.textContent = box.dataset.failed;
      box.append(words);
    }
  }

  document.querySelectorAll("[data-map]").forEach(draw);
})();
