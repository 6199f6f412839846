type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/** An element with attributes (functions listen: `click: …`) and what is in it. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (typeof value === "string") made.setAttribute(key, value);
    else if (value) made.setAttribute(key, "");
  }
  made.append(...children);
  return made;
}

/** A button that says what it does; `hint` adds its key to the tooltip. */
export function button(
  label: string,
  face: Node | string,
  act: () => void,
  attributes: Attributes & { hint?: string } = {},
): HTMLButtonElement {
  const { hint, ...rest } = attributes;
  const title = hint === undefined ? label : `${label} (${hint})`;
  return element("button", { type: "button", "aria-label": label, title, click: act, ...rest }, face);
}
