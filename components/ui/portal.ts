"use client";
import { createContext, useContext } from "react";

/** Where what floats (menus, tips, dialogs) is put: in the page, unless what asks for it is in a window of its own. */
export const PortalContext = createContext<HTMLElement | null>(null);

export const usePortal = (): HTMLElement | null => useContext(PortalContext);
