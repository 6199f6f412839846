import { clsx, type ClassValue } from "clsx";

/** Joins class names. A component's own come first; a caller adds to them and never contradicts them. */
export const cx = (...names: ClassValue[]): string => clsx(names);
