import { describe, expect, it } from "vitest";
import { codeLink, parseCodePath } from "./code-link.ts";

describe("a path for VS Code", () => {
  it.each([
    ["/workspace/a.ts", { path: "/workspace/a.ts" }],
    ["/workspace/a.ts:10", { path: "/workspace/a.ts", line: 10 }],
    ["/workspace/a.ts:10:5", { path: "/workspace/a.ts", line: 10, column: 5 }],
    ["/workspace/a%3A10:5", { path: "/workspace/a:10", line: 5 }],
    ["/tmp/%C3%BC%20b.md", { path: "/tmp/ü b.md" }],
    ["/workspace/a:b:3", { path: "/workspace/a:b", line: 3 }],
  ])("%s", (text, expected) => {
    expect(parseCodePath(text)).toEqual(expected);
  });

  it("is refused when it is not UTF-8", () => {
    expect(() => parseCodePath("/workspace/%ff")).toThrow("percent-encoded");
  });
});

describe("a link into VS Code", () => {
  const host = "code--cave-x.localhost:8000";
  const opened = (link: string) => {
    const { pathname, searchParams } = new URL(link, "http://x");
    return { pathname, folder: searchParams.get("folder"), payload: searchParams.get("payload") };
  };

  it("shows a folder", () => {
    expect(opened(codeLink({ path: "/tmp/a & ü" }, { host, isFolder: true }))).toEqual({
      pathname: "/",
      folder: "/tmp/a & ü",
      payload: null,
    });
  });

  it("opens a file, at a line where there is one", () => {
    const { payload, ...rest } = opened(
      codeLink({ path: "/workspace/a#b.ts", line: 4 }, { host, isFolder: false }),
    );
    expect(rest).toEqual({ pathname: "/", folder: "/workspace" });
    expect(JSON.parse(payload ?? "")).toEqual([
      ["gotoLineMode", "true"],
      ["openFile", `vscode-remote://${host}/workspace/a%23b.ts:4:1`],
    ]);
    const plain = opened(codeLink({ path: "/workspace/a.ts" }, { host, isFolder: false }));
    expect(JSON.parse(plain.payload ?? "")).toEqual([["openFile", `vscode-remote://${host}/workspace/a.ts`]]);
  });
});
