import { afterEach, expect, it, vi } from "vitest";
import { keepDraft, takeDraft } from "./drafts.ts";

const asks = vi.fn<(how: string, name: string) => void>();
vi.stubGlobal("addEventListener", (name: string) => asks("on", name));
vi.stubGlobal("removeEventListener", (name: string) => asks("off", name));
afterEach(() => asks.mockClear());

it("gives back once what was not saved, to the same file of the same cave", () => {
  keepDraft("a", "/workspace/x", { text: "unsaved", etag: "1" });
  expect(takeDraft("b", "/workspace/x")).toBeUndefined();
  expect(takeDraft("a", "/workspace/x")).toEqual({ text: "unsaved", etag: "1" });
  expect(takeDraft("a", "/workspace/x")).toBeUndefined();
});

it("asks before the page is left while it has any", () => {
  keepDraft("a", "/p", { text: "", etag: "" });
  expect(asks).toHaveBeenLastCalledWith("on", "beforeunload");
  takeDraft("a", "/p");
  expect(asks).toHaveBeenLastCalledWith("off", "beforeunload");
});

it("keeps a bounded number, the latest", () => {
  for (let at = 0; at < 30; at++) keepDraft("c", `/${at}`, { text: String(at), etag: "" });
  expect(takeDraft("c", "/9")).toBeUndefined();
  expect(takeDraft("c", "/29")?.text).toBe("29");
});
