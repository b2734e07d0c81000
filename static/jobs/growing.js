// This module lets the bars of what is still going on grow between two looks of the web.

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Return a function to call whenever bars were drawn; they grow from then on. */
export function growing(root) {
  let drawn = performance.now();
  let frame = 0;
  const grow = () => {
    const open = root.querySelectorAll("rect[data-since]");
    for (const rect of open) {
      const { age, full } = rect.ownerSVGElement.dataset;
      const now = Number(age) + (performance.now() - drawn) / 1000;
      const width = Math.min(100 - Number.parseFloat(rect.getAttribute("x")), ((now - rect.dataset.since) / full) * 100);
      if (width > Number.parseFloat(rect.getAttribute("width"))) rect.setAttribute("width", `${width}%`);
    }
    frame = open.length ? requestAnimationFrame(grow) : 0;
  };
  return () => {
    drawn = performance.now();
    if (!frame && !still.matches) frame = requestAnimationFrame(grow);
  };
}
