import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "./globals.css";
import { loadAgainScript } from "#components/frame/load-again.ts";
import { Providers } from "#components/frame/providers.tsx";
import { themeScript } from "#components/theme/script.ts";

export const metadata: Metadata = {
  title: { default: "Ghost", template: "%s · Ghost" },
  description: "Caves: isolated environments with a terminal, VS Code, a desktop and preview URLs.",
  icons: { icon: "/icon.svg" },
};
export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: dark)", color: "#101216" },
    { media: "(prefers-color-scheme: light)", color: "#fdfdfe" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-theme="dark" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
        <script dangerouslySetInnerHTML={{ __html: loadAgainScript }} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
