import type { Metadata } from "next";
import { CavesPage } from "#components/caves/caves-page.tsx";

export const metadata: Metadata = { title: "Caves" };

export default function Page() {
  return <CavesPage />;
}
