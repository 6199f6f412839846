/** Before any class is made that can be disposed: its method is named by the symbol. */
for (const name of ["dispose", "asyncDispose"] as const)
  if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
