type Given = Record<string, string | boolean>;

/** An element with attributes and content; text is only ever text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Given = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

export function button(label: string, act: () => void, given: Given = {}): HTMLButtonElement {
  const made = element("button", { type: "button", ...given }, label);
  made.addEventListener("click", act);
  return made;
}

/** A choice of one among few. */
export function choice<T extends string>(
  label: string,
  options: Readonly<Record<T, string>>,
  chosen: (value: T) => void,
): HTMLSelectElement {
  const made = element("select", { "aria-label": label });
  for (const [value, text] of Object.entries<string>(options))
    made.append(element("option", { value }, text));
  made.addEventListener("change", () => chosen(made.value as T));
  return made;
}
