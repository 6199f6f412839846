export const Path = ({ path }: { path: string }) => (
  <span className="grow truncate text-xs text-faint" title={path}>
    {path}
  </span>
);
