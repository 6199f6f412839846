"use client";
import { keepSettings, readSettings } from "../../../viewers/terminal/settings.ts";
import type { ViewSettings } from "../../../viewers/terminal/view.ts";
import { createStore } from "../../lib/store.ts";

/** Font size and screen reader support, the same for all terminals of this browser. */
export const terminalSettings = createStore<Omit<ViewSettings, "appearance">>(readSettings());
terminalSettings.subscribe(() => keepSettings({ ...terminalSettings.get(), appearance: "dark" }));
