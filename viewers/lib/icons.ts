const paths = {
  plus: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14",
  download: "M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10",
  speak: "M2.5 6v4h2.6L9 13V3L5.1 6zM11.5 5.5a3.6 3.6 0 0 1 0 5M13.3 3.7a6.2 6.2 0 0 1 0 8.6",
} as const;

const svg = "http://www.w3.org/2000/svg";

/** A small line drawing in the colour of the text. */
export function icon(name: keyof typeof paths): SVGSVGElement {
  const made = document.createElementNS(svg, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 16 16",
    width: "16",
    height: "16",
    fill: "none",
    stroke: "currentColor",
    "stroke-width": "1.4",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  }))
    made.setAttribute(key, value);
  const path = document.createElementNS(svg, "path");
  path.setAttribute("d", paths[name]);
  made.append(path);
  return made;
}
