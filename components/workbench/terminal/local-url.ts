export interface LocalUrl {
  readonly port: number;
  readonly path: string;
}

/** `http://localhost:3000/x`, as a program in the cave says it: the port, and where on it. */
export function localUrl(url: string): LocalUrl | undefined {
  const found =
    /^(?:https?:\/\/)?(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])(?::(\d{1,5}))?([/?#]\S*)?$/i.exec(
      url,
    );
  if (!found) return undefined;
  const port = Number(found[1] ?? 80);
  if (port < 1 || port > 65_535) return undefined;
  const rest = found[2] ?? "/";
  return { port, path: rest.startsWith("/") ? rest : `/${rest}` };
}
