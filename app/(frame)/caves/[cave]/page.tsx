import type { Metadata } from "next";
import { WorkbenchPage } from "#components/workbench/workbench-page.tsx";

export const metadata: Metadata = { title: "Cave" };

/** One exported file for all caves, which the gateway serves for every name: components read it with `useCaveName`. */
export const dynamicParams = false;
export const generateStaticParams = () => [{ cave: "_" }];

export default function Page() {
  return <WorkbenchPage />;
}
