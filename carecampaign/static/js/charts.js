/* Draws every [data-chart] from the JSON beside it; the table below holds the same figures. */

// Told apart by most colour-blind people, also by lightness (after Okabe and Ito).
const PALETTE = ["#c8102e", "#0072b2", "#e69f00", "#56b4e9", "#6b4f3a", "#009e73"];

let library = null;

function loadLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/echarts.min.js", import.meta.url).href;
    script.addEventListener("load", () => resolve(window.echarts));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return library;
}

function chartOption(data, title) {
  const many = data.series.length > 1;
  return {
    color: PALETTE,
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: true, label: { description: title }, decal: { show: many && data.type !== "line" } },
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    // Rich text, because an HTML tooltip would need inline styles.
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: data.type === "line" ? "line" : "shadow" } },
    legend: many ? { type: "scroll", bottom: 0 } : undefined,
    grid: { left: 8, right: 16, top: 24, bottom: many ? 40 : 8, containLabel: true },
    [data.is_lying ? "yAxis" : "xAxis"]: { type: "category", data: data.categories, axisLabel: { hideOverlap: true } },
    [data.is_lying ? "xAxis" : "yAxis"]: { type: "value", minInterval: 1, axisLabel: { hideOverlap: true } },
    series: data.series.map((one) => ({
      name: one.name,
      data: one.values,
      type: data.type === "line" ? "line" : "bar",
      stack: data.type === "stacked" ? "all" : undefined,
      barMaxWidth: 48,
    })),
  };
}

async function draw(box) {
  box.dataset.drawn = "";
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const title = box.closest("figure").querySelector("figcaption").textContent.trim();
  const echarts = await loadLibrary();
  const locale = document.documentElement.lang.startsWith("zh") ? "ZH" : "EN";
  const chart = echarts.init(box, null, { locale });
  box.setAttribute("role", "img");
  chart.setOption(chartOption(data, title));
  new ResizeObserver(() => chart.resize()).observe(box);
}

function drawAll() {
  document.querySelectorAll("[data-chart]:not([data-drawn])").forEach(draw);
}

document.addEventListener("htmx:after:swap", drawAll);
drawAll();
