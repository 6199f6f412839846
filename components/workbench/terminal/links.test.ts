import { describe, expect, it } from "vitest";
import { linksIn } from "./file-links.ts";
import { localUrl } from "./local-url.ts";

describe("what a program in the cave calls localhost", () => {
  it.each([
    ["http://localhost:3000", { port: 3000, path: "/" }],
    ["http://127.0.0.1:8080/a/b?c=d#e", { port: 8080, path: "/a/b?c=d#e" }],
    ["http://0.0.0.0:5173/", { port: 5173, path: "/" }],
    ["http://[::]:8000/x", { port: 8000, path: "/x" }],
    ["localhost:3000/x", { port: 3000, path: "/x" }],
    ["http://localhost/x", { port: 80, path: "/x" }],
    ["http://localhost:3000?q", { port: 3000, path: "/?q" }],
  ])("%s is a port of the cave", (url, wanted) => expect(localUrl(url)).toEqual(wanted));

  it.each([
    "https://example.org",
    "http://localhost.example.org:3000",
    "http://localhost:99999",
    "localhostile:1",
  ])("%s is none", (url) => expect(localUrl(url)).toBeUndefined());
});

describe("links in a line of output", () => {
  const targets = (line: string) => linksIn(line).map(({ text, target }) => ({ text, ...target }));

  it("are files with line and column", () => {
    expect(targets("src/app.ts:12:5 - error TS2304")).toEqual([
      { text: "src/app.ts:12:5", kind: "file", path: "src/app.ts", line: 12, column: 5 },
    ]);
    expect(targets('  File "/workspace/run.py", line 3')).toEqual([
      { text: "/workspace/run.py", kind: "file", path: "/workspace/run.py" },
    ]);
    expect(targets("./a/b-c.test.tsx(4,2): wrong")).toEqual([
      { text: "./a/b-c.test.tsx(4,2)", kind: "file", path: "./a/b-c.test.tsx", line: 4, column: 2 },
    ]);
    expect(targets("main.go:7: undefined")).toEqual([
      { text: "main.go:7", kind: "file", path: "main.go", line: 7 },
    ]);
  });

  it("are addresses of the cave without a scheme", () => {
    expect(targets("listening on localhost:3000.")).toEqual([
      { text: "localhost:3000", kind: "address", url: "localhost:3000" },
    ]);
  });

  it("are not words with dots, versions or other hosts", () => {
    expect(
      targets("Done. Installed node.js v24.1.0, see https://example.org/a/b.html and e.g. this."),
    ).toEqual([]);
  });
});
