"use client";

interface Props {
  title: string;
  url: string;
  onLoad?: () => void;
  /** Apps that Ghost itself put into the image may write the clipboard; none may read it unasked. */
  clipboard?: boolean;
  className?: string;
}

/**
 * A page of a cave, on a host of its own. It may do what a page of its own could, but not lead the dashboard around it somewhere else.
 */
export function AppFrame({ title, url, onLoad, clipboard = false, className = "size-full" }: Props) {
  return (
    <iframe
      title={title}
      src={url}
      onLoad={onLoad}
      sandbox="allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads allow-pointer-lock"
      allow={clipboard ? "clipboard-write; fullscreen" : "fullscreen"}
      referrerPolicy="no-referrer"
      className={className}
    />
  );
}
