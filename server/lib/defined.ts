type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the keys that are there but undefined, which optional ones of other types do not take. */
export function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}
