// What the page can do beyond standing still: mark a point everywhere, keep only points in ranges, sort tables.
"use strict";
(() => {
  const info = document.getElementById("info");
  const marks = [...document.querySelectorAll("[data-point]")];
  const byPoint = Map.groupBy(marks, (mark) => mark.dataset.point);
  let marked = null;

  const mark = (point) => {
    if (point === marked) return;
    for (const [number, on] of [[marked, false], [point, true]]) {
      for (const element of byPoint.get(number) ?? []) element.classList.toggle("marked", on);
    }
    marked = point;
    info.hidden = point === null;
    if (point !== null) info.textContent = describe(point);
  };

  const describe = (point) => {
    const row = byPoint.get(point).find((element) => element.tagName === "TR");
    if (!row) return `point ${point}`;
    const names = [...row.closest("table").querySelectorAll("th")].map((head) => head.textContent);
    return [...row.cells].map((cell, place) => `${names[place]}: ${cell.textContent}`).join(" · ");
  };

  const pointAt = (event) => event.target.closest?.("[data-point]")?.dataset.point ?? null;
  document.addEventListener("pointerover", (event) => mark(pointAt(event)));

  // Ranges, as shares of a line across, by the line's number.
  const ranges = new Map();
  const selection = document.getElementById("selection");

  const shareAt = (brush, event) => {
    const box = brush.getBoundingClientRect();
    // The brush reaches 10 units beyond either end of its line.
    const unit = box.width / brush.width.baseVal.value;
    return Math.min(1, Math.max(0, (event.clientX - box.left - 10 * unit) / (box.width - 20 * unit)));
  };

  const shares = (path, width) => [...path.points].map((corner) => (corner.x - 28) / (width - 56));

  const filter = () => {
    const kept = new Set();
    const paths = document.querySelectorAll("#parallel .wide polyline[data-point]");
    for (const path of paths) {
      const places = shares(path, path.ownerSVGElement.viewBox.baseVal.width);
      const inside = [...ranges].every(([line, [low, high]]) => places[line] >= low && places[line] <= high);
      if (inside) kept.add(path.dataset.point);
    }
    for (const element of marks) element.classList.toggle("hidden", !kept.has(element.dataset.point));
    if (selection) {
      selection.hidden = ranges.size === 0;
      selection.firstElementChild.textContent = `${kept.size} of ${paths.length} points`;
    }
  };

  const drawRanges = () => {
    for (const old of document.querySelectorAll(".range")) old.remove();
    for (const brush of document.querySelectorAll(".brush")) {
      const range = ranges.get(Number(brush.dataset.line));
      if (!range) continue;
      const length = brush.width.baseVal.value - 20;
      const band = brush.cloneNode(false);
      band.setAttribute("class", "range");
      band.setAttribute("x", brush.x.baseVal.value + 10 + range[0] * length - 3);
      band.setAttribute("width", (range[1] - range[0]) * length + 6);
      brush.before(band);
    }
  };

  const setRange = (line, range) => {
    if (range) ranges.set(line, range);
    else ranges.delete(line);
    drawRanges();
    filter();
  };

  for (const brush of document.querySelectorAll(".brush")) {
    const line = Number(brush.dataset.line);
    let start = null;
    brush.addEventListener("pointerdown", (event) => {
      start = shareAt(brush, event);
      brush.setPointerCapture(event.pointerId);
    });
    brush.addEventListener("pointermove", (event) => {
      if (start === null) return;
      const here = shareAt(brush, event);
      setRange(line, [Math.min(start, here), Math.max(start, here)]);
    });
    brush.addEventListener("pointerup", (event) => {
      // A click clears the line.
      if (start !== null && Math.abs(shareAt(brush, event) - start) < 0.01) setRange(line, null);
      start = null;
    });
  }
  selection?.querySelector("button").addEventListener("click", () => {
    ranges.clear();
    drawRanges();
    filter();
  });

  const compare = (a, b) => {
    const [x, y] = [Number(a), Number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
  };
  for (const head of document.querySelectorAll("th")) {
    head.classList.add("sortable");
    head.addEventListener("click", () => {
      const column = head.cellIndex;
      const body = head.closest("table").tBodies[0];
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = (row) => row.cells[column].textContent;
      const rows = [...body.rows].sort((a, b) => (down ? -1 : 1) * compare(text(a), text(b)));
      body.append(...rows);
    });
  }
})();
