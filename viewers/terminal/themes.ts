import type { ITheme } from "@xterm/xterm";

const dark: ITheme = {
  background: "#0e1014",
  foreground: "#d5d9e0",
  cursor: "#4fd1b5",
  cursorAccent: "#0e1014",
  selectionBackground: "#2c4a52",
  selectionInactiveBackground: "#272c34",
  black: "#23272e",
  red: "#f0706f",
  green: "#6fce8d",
  yellow: "#e0b860",
  blue: "#6ea8f2",
  magenta: "#c792ea",
  cyan: "#53c8cc",
  white: "#c3c9d2",
  brightBlack: "#6c7583",
  brightRed: "#ff9290",
  brightGreen: "#92e3a9",
  brightYellow: "#f2d080",
  brightBlue: "#93c1ff",
  brightMagenta: "#dcb3f5",
  brightCyan: "#80e0e2",
  brightWhite: "#f1f4f8",
};

const light: ITheme = {
  background: "#fbfcfd",
  foreground: "#24292f",
  cursor: "#0b8f76",
  cursorAccent: "#fbfcfd",
  selectionBackground: "#bfe3da",
  selectionInactiveBackground: "#e2e6ea",
  black: "#24292f",
  red: "#c0312f",
  green: "#1f7a3d",
  yellow: "#8a6100",
  blue: "#1f5fbf",
  magenta: "#8639b5",
  cyan: "#0f7277",
  white: "#6b7480",
  brightBlack: "#57606a",
  brightRed: "#d8433f",
  brightGreen: "#2b8f4c",
  brightYellow: "#9c7207",
  brightBlue: "#2f74da",
  brightMagenta: "#9a4dcb",
  brightCyan: "#18868c",
  brightWhite: "#3a424c",
};

export const themes = { dark, light };
export type Appearance = keyof typeof themes;

/** What was found: all of it, and the one that was gone to. */
export const findColours = {
  dark: {
    matchBackground: "#5b4a1e",
    matchOverviewRuler: "#e0b860",
    activeMatchBackground: "#9a7420",
    activeMatchBorder: "#f2d080",
    activeMatchColorOverviewRuler: "#f2d080",
  },
  light: {
    matchBackground: "#f6e3ad",
    matchOverviewRuler: "#b98a12",
    activeMatchBackground: "#eec55a",
    activeMatchBorder: "#8a6100",
    activeMatchColorOverviewRuler: "#8a6100",
  },
} as const satisfies Record<Appearance, object>;
