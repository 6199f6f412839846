import { toast } from "./toast.tsx";

/** Puts a text on the person's clipboard, and says so when it cannot: browsers have none for pages that came over plain HTTP. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast({
      key: "copy",
      tone: "danger",
      title: "It was not copied",
      detail:
        "The browser gives this page no clipboard. Use https or localhost, or select the text and copy it by hand.",
    });
    return false;
  }
}
